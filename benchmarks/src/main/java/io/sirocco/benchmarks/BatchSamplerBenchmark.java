package io.sirocco.benchmarks;

import io.sirocco.worker.sampling.BatchSampler;
import io.sirocco.worker.sampling.Sampler;
import io.sirocco.worker.sampling.SamplingOutcome;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A batch of rows of 32,000 logits at temperature 0.8, top-p 0.95, top-k 50, with penalties. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatchSamplerBenchmark {
  private static final int VOCABULARY = 32_000;
  private static final int MOST_ROWS = 16;

  /** How many rows. */
  @Param({"4", "16"})
  public int rows = MOST_ROWS;

  /** On how many threads. */
  @Param({"1", "2"})
  public int threads = 1;

  private final float[] logits = RandomLogits.rows(MOST_ROWS, VOCABULARY);
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private BatchSampler batch = new BatchSampler(VOCABULARY, 1, executor);
  private List<BatchSampler.Row> work = List.of();

  /** Makes a sampler with a past for each row. */
  @Setup
  public void see() {
    batch = new BatchSampler(VOCABULARY, threads, executor);
    work = IntStream.range(0, rows)
        .mapToObj(row -> new BatchSampler.Row(sampler(row), row * VOCABULARY))
        .toList();
  }

  private static Sampler sampler(int seed) {
    SamplingParameters parameters = SamplingParameters.builder()
        .temperature(0.8)
        .topP(0.95)
        .topK(50)
        .repetitionPenalty(1.1)
        .frequencyPenalty(0.2)
        .presencePenalty(0.3)
        .seed(seed)
        .build();
    Random random = new Random(seed);
    int[] prompt = random.ints(1000, 0, VOCABULARY).toArray();
    Sampler sampler = new Sampler(parameters, 0, prompt, Set.of());
    random.ints(1000, 0, VOCABULARY).forEach(sampler::accept);
    return sampler;
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    executor.shutdown();
  }

  /** One step's rows. */
  @Benchmark
  public List<SamplingOutcome> batch() {
    return batch.sample(logits, work);
  }
}
