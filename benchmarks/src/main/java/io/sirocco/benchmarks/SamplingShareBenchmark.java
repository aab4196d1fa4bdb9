package io.sirocco.benchmarks;

import io.sirocco.worker.app.SamplingThreads;
import io.sirocco.worker.bench.Spread;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.sampling.BatchSampler;
import io.sirocco.worker.sampling.SamplingParameters;
import java.nio.file.Path;

/**
 * How much of a step of 16 sequences is not the model: sampling, on as many threads as the
 * model has, like that of a worker, and scheduling with it.
 *
 * <pre>SamplingShareBenchmark MODEL_FOLDER [THREADS]</pre>
 */
final class SamplingShareBenchmark {
  private static final int STREAMS = 16;
  private static final int PROMPT = 128;
  private static final int STEPS = 32;
  /** Enough for the steps that are measured, and for those in which others are admitted before. */
  private static final int NEW_TOKENS = 96;

  private static final int CONTEXT = 256;
  private static final int ROUNDS = 3;

  private static final SamplingParameters DRAWN = SamplingParameters.builder()
      .temperature(0.8)
      .topK(50)
      .topP(0.95)
      .repetitionPenalty(1.1)
      .frequencyPenalty(0.2)
      .presencePenalty(0.2)
      .seed(1)
      .build();

  private final TimedModel model;
  private final SteppedEngine engine;

  private SamplingShareBenchmark(CausalModel model, BatchSampler sampler) {
    this.model = new TimedModel(model);
    engine = new SteppedEngine(this.model, sampler);
  }

  /** Starts the benchmark. */
  public static void main(String[] args) throws ModelLoadException {
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    try (CausalModel model =
            new MeasuredModel(Path.of(args[0]), threads).load(2 * STREAMS, CONTEXT);
        SamplingThreads sampling = new SamplingThreads(threads)) {
      new SamplingShareBenchmark(model, sampling.sampler(model.shape().vocabularySize())).run();
    }
  }

  private void run() {
    double[] greedy = new double[ROUNDS];
    double[] drawn = new double[ROUNDS];
    for (int i = -1; i < ROUNDS; i++) { // The first is not counted.
      double greedyShare = share(SamplingParameters.GREEDY);
      double drawnShare = share(DRAWN);
      if (i >= 0) {
        greedy[i] = greedyShare;
        drawn[i] = drawnShare;
      }
    }
    print("greedy", Spread.of(greedy));
    print("temperature, top_k, top_p and penalties", Spread.of(drawn));
  }

  /** Returns how many percent of the steps' time is spent outside the model. */
  private double share(SamplingParameters sampling) {
    engine.start(STREAMS, PROMPT, NEW_TOKENS, sampling);
    long inModel = model.nanos();
    long begin = System.nanoTime();
    for (int step = 0; step < STEPS; step++) {
      engine.step();
    }
    double all = System.nanoTime() - begin;
    double share = 100 * (all - (model.nanos() - inModel)) / all;
    engine.drain();
    return share;
  }

  private static void print(String name, Spread share) {
    System.out.printf(
        "%s: %.2f %% of a step of %d sequences (%.2f to %.2f)%n",
        name, share.median(), STREAMS, share.min(), share.max());
  }
}
