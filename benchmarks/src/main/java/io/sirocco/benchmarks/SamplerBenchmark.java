package io.sirocco.benchmarks;

import io.sirocco.worker.sampling.Candidates;
import io.sirocco.worker.sampling.Sampler;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One row of 32,000 logits to a token. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SamplerBenchmark {
  private static final int VOCABULARY = 32_000;

  private final float[] logits = logits();
  private final Candidates scratch = new Candidates(VOCABULARY);
  private final Sampler greedy = new Sampler(SamplingParameters.GREEDY, 0);
  private final Sampler topKAndTopP = new Sampler(new SamplingParameters(0.8, 50, 0.95, 0, 1), 0);
  private int position;

  private static float[] logits() {
    Random random = new Random(1);
    float[] logits = new float[VOCABULARY];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (random.nextGaussian() * 3);
    }
    return logits;
  }

  /** The likeliest token. */
  @Benchmark
  public int greedy() {
    return greedy.sample(logits, 0, position++, scratch);
  }

  /** A draw among the 50 likeliest. */
  @Benchmark
  public int topKAndTopP() {
    return topKAndTopP.sample(logits, 0, position++, scratch);
  }
}
