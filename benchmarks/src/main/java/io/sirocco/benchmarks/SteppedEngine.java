package io.sirocco.benchmarks;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.EngineLimits;
import io.sirocco.worker.engine.EngineLoop;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.sampling.BatchSampler;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An engine on the caller's thread, with random prompts.
 *
 * <p>Confined to the main thread.
 */
final class SteppedEngine {
  private static final int INBOX_CAPACITY = 64;
  private static final int MOST_SEQUENCES = 32;

  private final EngineInbox inbox = new EngineInbox(INBOX_CAPACITY);
  private final Random random = new Random(1);
  private final int vocabularySize;
  private final EngineLoop loop;

  /**
   * @param sampler of rows as long as the model's
   */
  SteppedEngine(CausalModel model, BatchSampler sampler) {
    vocabularySize = model.shape().vocabularySize();
    loop = new EngineLoop(
        inbox,
        model,
        sampler,
        EngineLimits.of(MOST_SEQUENCES),
        new SimpleMeterRegistry(),
        Tags.empty());
  }

  /** Submits a prompt, and returns what will be heard of it. */
  TokenTimes submit(int promptTokens, int newTokens, SamplingParameters sampling) {
    TokenTimes times = new TokenTimes();
    int[] prompt = random.ints(promptTokens, 0, vocabularySize).toArray();
    if (!inbox.offer(
        new GenerationRequest("bench", prompt, newTokens, Set.of(), sampling, times))) {
      throw new IllegalStateException("expected room in the inbox, found none");
    }
    return times;
  }

  /** Submits several prompts, and steps until each has its first token. */
  List<TokenTimes> start(
      int streams, int promptTokens, int newTokens, SamplingParameters sampling) {
    List<TokenTimes> started = Stream.generate(() -> submit(promptTokens, newTokens, sampling))
        .limit(streams)
        .toList();
    while (started.stream().anyMatch(times -> times.nanos().isEmpty())) {
      step();
    }
    return started;
  }

  /** Steps until nothing is left to do. */
  void drain() {
    while (loop.step()) {
      // Whoever listens hears of it.
    }
  }

  void step() {
    if (!loop.step()) {
      throw new IllegalStateException("expected something to compute, found nothing");
    }
  }
}
