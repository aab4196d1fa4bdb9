package io.sirocco.worker.sampling;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which tokens are kept, found by sorting all and adding up: slow, and plainly right. */
final class PlainTruncation {
  private PlainTruncation() {}

  /** Returns the kept token ids, the likeliest first. */
  static List<Integer> kept(SamplingParameters parameters, float[] scaled) {
    List<Integer> kept = IntStream.range(0, scaled.length)
        .boxed()
        .filter(id -> scaled[id] != Float.NEGATIVE_INFINITY)
        .sorted(Comparator.comparing((Integer id) -> -(double) (scaled[id] + 0f))
            .thenComparing(id -> id))
        .collect(Collectors.toList());
    double greatest = scaled[kept.get(0)];
    kept.removeIf(
        id -> parameters.minP() > 0 && scaled[id] < greatest + Math.log(parameters.minP()));
    if (parameters.topK() > 0 && parameters.topK() < kept.size()) {
      kept = kept.subList(0, parameters.topK());
    }
    return parameters.topP() < 1 ? nucleus(parameters.topP(), kept, scaled, greatest) : kept;
  }

  private static List<Integer> nucleus(
      double mass, List<Integer> kept, float[] scaled, double greatest) {
    double total =
        kept.stream().mapToDouble(id -> Math.exp(scaled[id] - greatest)).sum();
    double sum = 0;
    int size = 0;
    while (size < kept.size() && sum < mass * total) {
      sum += Math.exp(scaled[kept.get(size++)] - greatest);
    }
    return kept.subList(0, size);
  }
}
