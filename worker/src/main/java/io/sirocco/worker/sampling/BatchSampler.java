package io.sirocco.worker.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Samples the rows of a batch, on several threads where that pays.
 *
 * <p>The caller's thread takes part, so that a busy or late executor delays no batch. What comes out
 * does not depend on the threads.
 *
 * <p>Confined to one thread, which waits for the others.
 */
public final class BatchSampler {
  /** Below this many rows with real work, waking a thread takes as long as the work. */
  private static final int LEAST_COSTLY_ROWS = 4;

  private final List<SamplingScratch> scratches;
  private final Executor executor;

  /**
   * Makes a sampler.
   *
   * @param vocabularySize the length of a row
   * @param threads how many rows are sampled at once, the caller's among them, at least 1
   * @param executor runs the others, each on a thread of its own; asked only when {@code threads} is
   *     above 1
   */
  public BatchSampler(int vocabularySize, int threads, Executor executor) {
    if (threads < 1) {
      throw new IllegalArgumentException("expected 1 or more threads, found " + threads);
    }
    this.executor = executor;
    this.scratches = Stream.generate(() -> new SamplingScratch(vocabularySize))
        .limit(threads)
        .toList();
  }

  /**
   * One row to be sampled.
   *
   * <p>Immutable.
   *
   * @param sampler of the row's answer, in this batch once
   * @param offset where the row begins; rows may be shared
   */
  public record Row(Sampler sampler, int offset) {}

  /**
   * Chooses a token for each row.
   *
   * @param logits rows of raw logits; not changed
   * @return an outcome for each row, in their order
   */
  public List<SamplingOutcome> sample(float[] logits, List<Row> rows) {
    if (threads(rows) == 1) {
      List<SamplingOutcome> outcomes = new ArrayList<>(rows.size());
      for (Row row : rows) {
        outcomes.add(row.sampler().sample(logits, row.offset(), scratches.get(0)));
      }
      return outcomes;
    }
    SamplingRound round = new SamplingRound(logits, rows);
    scratches
        .subList(1, threads(rows))
        .forEach(scratch -> executor.execute(() -> round.run(scratch)));
    round.run(scratches.get(0));
    return round.await();
  }

  /**
   * Chooses a token from the likeliest ones of a row, if they decide; on the caller's thread, as they
   * are few.
   *
   * @see Sampler#sample(int[], float[], double, SamplingScratch)
   */
  public Optional<SamplingOutcome> sample(
      Sampler sampler, int[] tokenIds, float[] logits, double rest) {
    return sampler.sample(tokenIds, logits, rest, scratches.get(0));
  }

  private int threads(List<Row> rows) {
    long costly = rows.stream().filter(row -> row.sampler().isCostly()).count();
    return costly < LEAST_COSTLY_ROWS ? 1 : (int) Math.min(costly, scratches.size());
  }
}
