package io.sirocco.benchmarks;

import io.sirocco.worker.sampling.BatchSampler;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One step of the engine on a model that takes no time: scheduler, cache, greedy choice and listeners.
 * An answer that has ended makes room for the next, so that some steps admit.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EngineStepBenchmark {
  private static final int PROMPT = 128;
  private static final int NEW_TOKENS = 256;
  private static final int CONTEXT = 512;

  @Param({"1", "16"})
  private int streams;

  private final InstantModel model = new InstantModel(16, CONTEXT);
  private final SteppedEngine engine =
      new SteppedEngine(model, new BatchSampler(model.shape().vocabularySize(), 1, Runnable::run));
  private final List<TokenTimes> running = new ArrayList<>();

  /** A token for each stream. */
  @Benchmark
  public void step() {
    running.removeIf(TokenTimes::isFinished);
    while (running.size() < streams) {
      running.add(engine.submit(PROMPT, NEW_TOKENS, SamplingParameters.GREEDY));
    }
    engine.step();
  }
}
