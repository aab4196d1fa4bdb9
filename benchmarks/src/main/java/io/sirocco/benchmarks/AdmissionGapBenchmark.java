package io.sirocco.benchmarks;

import io.sirocco.worker.app.SamplingThreads;
import io.sirocco.worker.bench.Spread;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.sampling.BatchSampler;
import io.sirocco.worker.sampling.SamplingParameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How long running streams must wait for their next token while a long prompt is admitted: the longest
 * gap between two tokens of a stream, against the median gap while no prompt is there.
 *
 * <pre>AdmissionGapBenchmark MODEL_FOLDER [THREADS]</pre>
 */
final class AdmissionGapBenchmark {
  private static final int STREAMS = 16;
  private static final int STREAM_PROMPT = 128;
  private static final int LONG_PROMPT = 512;
  private static final int CONTEXT = 1024;
  private static final int ADMISSIONS = 6;
  private static final int QUIET_STEPS = 20;

  private final SteppedEngine engine;
  private final List<TokenTimes> streams;
  private final List<Double> quietGaps = new ArrayList<>();

  private AdmissionGapBenchmark(CausalModel model, BatchSampler sampler) {
    engine = new SteppedEngine(model, sampler);
    streams =
        engine.start(STREAMS, STREAM_PROMPT, CONTEXT - STREAM_PROMPT, SamplingParameters.GREEDY);
  }

  /** Starts the benchmark. */
  public static void main(String[] args) throws ModelLoadException {
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    try (CausalModel model =
            new MeasuredModel(Path.of(args[0]), threads).load(2 * STREAMS, CONTEXT);
        SamplingThreads sampling = new SamplingThreads(threads)) {
      new AdmissionGapBenchmark(model, sampling.sampler(model.shape().vocabularySize())).run();
    }
  }

  private void run() {
    admit(); // Not counted.
    quietGaps.clear();
    double[] longest = new double[ADMISSIONS];
    for (int i = 0; i < ADMISSIONS; i++) {
      longest[i] = admit();
    }
    Spread quiet = Spread.of(quietGaps.stream().mapToDouble(gap -> gap).toArray());
    Spread disturbed = Spread.of(longest);
    System.out.printf(
        "median gap of %d streams: %.1f ms%n"
            + "longest gap while a prompt of %d tokens is admitted: %.1f ms (%.1f to %.1f ms in %d"
            + " admissions)%nlongest of all to median: %.2f%n",
        STREAMS,
        quiet.median(),
        LONG_PROMPT,
        disturbed.median(),
        disturbed.min(),
        disturbed.max(),
        ADMISSIONS,
        disturbed.max() / quiet.median());
  }

  /** Returns the longest gap of any stream while a prompt is computed, in milliseconds. */
  private double admit() {
    int before = tokens();
    for (int i = 0; i < QUIET_STEPS; i++) {
      engine.step();
    }
    quietGaps.addAll(gapsSince(before));
    int arrived = tokens();
    TokenTimes prompt = engine.submit(LONG_PROMPT, 1, SamplingParameters.GREEDY);
    while (!prompt.isFinished()) {
      engine.step();
    }
    engine.step(); // Whatever the prompt's last step held up.
    return gapsSince(arrived).stream().mapToDouble(gap -> gap).max().orElseThrow();
  }

  /** How many tokens each stream has. */
  private int tokens() {
    return streams.get(0).nanos().size();
  }

  /** The gaps of all streams before each token from {@code first} on, in milliseconds. */
  private List<Double> gapsSince(int first) {
    List<Double> gaps = new ArrayList<>();
    for (TokenTimes stream : streams) {
      List<Long> nanos = stream.nanos();
      for (int token = first; token < nanos.size(); token++) {
        gaps.add((nanos.get(token) - nanos.get(token - 1)) / 1e6);
      }
    }
    return gaps;
  }
}
