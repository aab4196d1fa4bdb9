package io.sirocco.embedded.observe;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives each histogram its buckets: those of vLLM, and of OpenTelemetry's conventions for generative AI
 * and for HTTP, whose last one is a moment for an answer: more of them follow.
 *
 * <p>Immutable.
 *
 * <p>Source: vLLM, vllm/v1/metrics/loggers.py; OpenTelemetry, semantic conventions for generative AI
 * metrics, and for HTTP metrics.
 */
final class Buckets implements MeterFilter {
  private static final double[] FIRST_TOKEN = {
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40,
    80, 160, 640, 2560
  };
  private static final double[] BETWEEN_TOKENS = {
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80
  };
  private static final double[] REQUEST = {
    0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680
  };
  private static final double[] BROKER = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
  };
  private static final double[] STEP_TOKENS = {
    1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384
  };
  private static final double[] REQUEST_TOKENS = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000
  };
  private static final double[] GEN_AI_FIRST_TOKEN = {
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };
  private static final double[] GEN_AI_PER_TOKEN = {
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5
  };
  private static final double[] GEN_AI_REQUEST = {
    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
  };

  private static final double[] HTTP_REQUEST = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120, 300, 600
  };

  private final Map<String, double[]> buckets = new HashMap<>();

  Buckets() {
    seconds("sirocco.time.to.first.token", FIRST_TOKEN);
    seconds("sirocco.inter.token.latency", BETWEEN_TOKENS);
    seconds("sirocco.model.forward.time", BETWEEN_TOKENS);
    seconds("sirocco.e2e.request.latency", REQUEST);
    seconds("sirocco.request.queue.time", REQUEST);
    seconds("sirocco.request.prefill.time", REQUEST);
    seconds("sirocco.request.decode.time", REQUEST);
    seconds("sirocco.request.inference.time", REQUEST);
    seconds("sirocco.publish.latency", BROKER);
    seconds("sirocco.closing.transaction", BROKER);
    seconds("gen_ai.server.time_to_first_token", GEN_AI_FIRST_TOKEN);
    seconds("gen_ai.server.time_per_output_token", GEN_AI_PER_TOKEN);
    seconds("gen_ai.server.request.duration", GEN_AI_REQUEST);
    seconds("sirocco.gateway.time.to.first.token", FIRST_TOKEN);
    seconds("http.server.request.duration", HTTP_REQUEST);
    buckets.put("sirocco.iteration.tokens", STEP_TOKENS);
    buckets.put("sirocco.request.prompt.tokens", REQUEST_TOKENS);
    buckets.put("sirocco.request.generation.tokens", REQUEST_TOKENS);
  }

  /** Timers take nanoseconds. */
  private void seconds(String name, double[] bounds) {
    buckets.put(
        name,
        Arrays.stream(bounds)
            .map(bound -> Math.rint(bound * TimeUnit.SECONDS.toNanos(1)))
            .toArray());
  }

  @Override
  public @Nullable DistributionStatisticConfig configure(
      Meter.Id id, DistributionStatisticConfig config) {
    double[] bounds = buckets.get(id.getName());
    return bounds == null
        ? config
        : DistributionStatisticConfig.builder()
            .serviceLevelObjectives(bounds)
            .build()
            .merge(config);
  }
}
