package io.sirocco.benchmarks;

import io.sirocco.worker.sampling.Sampler;
import io.sirocco.worker.sampling.SamplingOutcome;
import io.sirocco.worker.sampling.SamplingParameters;
import io.sirocco.worker.sampling.SamplingParametersBuilder;
import io.sirocco.worker.sampling.SamplingScratch;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/** One row of 32,000 logits to a token, after 2,000 tokens of prompt and answer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SamplerBenchmark {

  /** What the request asks for. */
  public enum Request {
    /** Nothing but the likeliest token. */
    GREEDY {
      @Override
      SamplingParametersBuilder parameters() {
        return SamplingParameters.builder().temperature(0);
      }
    },
    /** The likeliest token after penalties. */
    GREEDY_PENALTIES {
      @Override
      SamplingParametersBuilder parameters() {
        return penalties().temperature(0);
      }
    },
    /** Temperature 0.8, top-p 0.95, top-k 50. */
    TRUNCATED {
      @Override
      SamplingParametersBuilder parameters() {
        return SamplingParameters.builder().temperature(0.8).topP(0.95).topK(50);
      }
    },
    /** The same after penalties. */
    TRUNCATED_PENALTIES {
      @Override
      SamplingParametersBuilder parameters() {
        return penalties().temperature(0.8).topP(0.95).topK(50);
      }
    },
    /** The likeliest tokens with 95 % of the probability, of which a flat row has thousands. */
    TOP_P {
      @Override
      SamplingParametersBuilder parameters() {
        return SamplingParameters.builder().temperature(0.8).topP(0.95);
      }
    },
    /** All tokens. */
    UNTRUNCATED {
      @Override
      SamplingParametersBuilder parameters() {
        return SamplingParameters.builder();
      }
    },
    /** The likeliest token with the log-probabilities of it and 20 others. */
    GREEDY_LOG_PROBABILITIES {
      @Override
      SamplingParametersBuilder parameters() {
        return SamplingParameters.builder()
            .temperature(0)
            .logProbabilities(true)
            .topLogProbabilities(20);
      }
    };

    abstract SamplingParametersBuilder parameters();

    private static SamplingParametersBuilder penalties() {
      return SamplingParameters.builder()
          .repetitionPenalty(1.1)
          .frequencyPenalty(0.2)
          .presencePenalty(0.3);
    }
  }

  private static final int VOCABULARY = 32_000;
  private static final int ROWS = 16;

  /** The request. */
  @Param
  public Request request = Request.GREEDY;

  private final float[] logits = RandomLogits.rows(ROWS, VOCABULARY);
  private final SamplingScratch scratch = new SamplingScratch(VOCABULARY);
  private Sampler sampler = new Sampler(SamplingParameters.GREEDY, 0, new int[0], Set.of());
  private int row;

  /** Gives the sampler its past. */
  @Setup
  public void see() {
    Random random = new Random(2);
    int[] prompt = random.ints(1000, 0, VOCABULARY).toArray();
    sampler = new Sampler(request.parameters().build(), 0, prompt, Set.of());
    random.ints(1000, 0, VOCABULARY).forEach(sampler::accept);
  }

  /** One row, another one each time. */
  @Benchmark
  public SamplingOutcome row() {
    row = (row + 1) % ROWS;
    return sampler.sample(logits, row * VOCABULARY, scratch);
  }
}
