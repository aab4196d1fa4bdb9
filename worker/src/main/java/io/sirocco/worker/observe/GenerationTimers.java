package io.sirocco.worker.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/**
 * How long the parts of a generation take.
 *
 * <p>Thread-safe.
 */
final class GenerationTimers {
  private final Timer queue;
  private final Timer firstToken;
  private final Timer betweenTokens;
  private final Timer prefill;
  private final Timer decode;
  private final Timer inference;
  private final Timer genAiFirstToken;
  private final Timer genAiPerToken;
  private final Counter resumed;

  /**
   * @param tags of the worker
   * @param genAi the labels of OpenTelemetry's conventions
   */
  GenerationTimers(MeterRegistry registry, Tags tags, Tags genAi) {
    queue = timer(registry, tags, "sirocco.request.queue.time", "To the place in the cache");
    firstToken =
        timer(registry, tags, "sirocco.time.to.first.token", "To the first token of a sequence");
    betweenTokens =
        timer(registry, tags, "sirocco.inter.token.latency", "Between two tokens of a sequence");
    prefill = timer(
        registry,
        tags,
        "sirocco.request.prefill.time",
        "From the place in the cache to the first token");
    decode =
        timer(registry, tags, "sirocco.request.decode.time", "From the first token to the last");
    inference = timer(
        registry,
        tags,
        "sirocco.request.inference.time",
        "From the place in the cache to the last token");
    genAiFirstToken = timer(
        registry, genAi, "gen_ai.server.time_to_first_token", "To the first token of a sequence");
    genAiPerToken = timer(
        registry,
        genAi,
        "gen_ai.server.time_per_output_token",
        "For each token after the first of a sequence");
    resumed = Counter.builder("sirocco.resumed.tokens")
        .tags(tags)
        .description("Tokens read from the reply log instead of being generated again")
        .register(registry);
  }

  private static Timer timer(MeterRegistry registry, Tags tags, String name, String description) {
    return Timer.builder(name).tags(tags).description(description).register(registry);
  }

  void queued(long nanos) {
    queue.record(nanos, TimeUnit.NANOSECONDS);
  }

  void resumed(int tokens) {
    resumed.increment(tokens);
  }

  void firstToken(long nanos) {
    firstToken.record(nanos, TimeUnit.NANOSECONDS);
    genAiFirstToken.record(nanos, TimeUnit.NANOSECONDS);
  }

  void prefilled(long nanos) {
    prefill.record(nanos, TimeUnit.NANOSECONDS);
  }

  void nextToken(long nanos) {
    betweenTokens.record(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * A generation is complete.
   *
   * @param tokens how many were generated, at least one
   */
  void decoded(long decodeNanos, long inferenceNanos, int tokens) {
    decode.record(decodeNanos, TimeUnit.NANOSECONDS);
    inference.record(inferenceNanos, TimeUnit.NANOSECONDS);
    if (tokens > 1) {
      genAiPerToken.record(decodeNanos / (tokens - 1), TimeUnit.NANOSECONDS);
    }
  }
}
