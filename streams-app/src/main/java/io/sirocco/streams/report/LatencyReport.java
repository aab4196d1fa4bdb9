package io.sirocco.streams.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.streams.latency.LatencySketch;
import io.sirocco.streams.query.LatencyCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long a model's complete answers took, from the request's record to the answer's end.
 *
 * <p>Immutable.
 *
 * @param model the model
 * @param answers how many answers
 * @param p50Millis half of them took at most this long, to within 2 %
 * @param p90Millis 90 % of them
 * @param p95Millis 95 % of them
 * @param p99Millis 99 % of them
 */
public record LatencyReport(
    @JsonProperty("model") String model,
    @JsonProperty("answers") long answers,
    @JsonProperty("p50_ms") long p50Millis,
    @JsonProperty("p90_ms") long p90Millis,
    @JsonProperty("p95_ms") long p95Millis,
    @JsonProperty("p99_ms") long p99Millis) {

  /** Returns the reports of these counts, sorted by model. */
  static List<LatencyReport> of(List<LatencyCount> counts) {
    Map<String, Map<Integer, Long>> models = new TreeMap<>();
    for (LatencyCount count : counts) {
      models
          .computeIfAbsent(count.key().model(), any -> new TreeMap<>())
          .merge(count.key().bucket(), count.count(), Long::sum);
    }
    List<LatencyReport> reports = new ArrayList<>();
    models.forEach((model, buckets) -> reports.add(of(model, LatencySketch.of(buckets))));
    return reports;
  }

  private static LatencyReport of(String model, LatencySketch sketch) {
    return new LatencyReport(
        model,
        sketch.count(),
        Math.round(sketch.millisAt(0.5)),
        Math.round(sketch.millisAt(0.9)),
        Math.round(sketch.millisAt(0.95)),
        Math.round(sketch.millisAt(0.99)));
  }
}
