package io.sirocco.worker.sampling;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The likeliest tokens of a row, found by sorting, as a device would give them: equals in any order,
 * the rest in float32.
 *
 * <p>Immutable.
 *
 * @param tokenIds the likeliest first
 * @param logits of these
 * @param rest what all others weigh
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ListedRow(int[] tokenIds, float[] logits, double rest) {
  static ListedRow of(float[] row, int length, float scale, Random random) {
    int[] shuffled = new int[row.length];
    Arrays.setAll(shuffled, id -> random.nextInt());
    int[] sorted = IntStream.range(0, row.length)
        .boxed()
        .sorted(Comparator.comparing((Integer id) -> -(double) row[id])
            .thenComparing(id -> shuffled[id]))
        .mapToInt(Integer::intValue)
        .toArray();
    float rest = 0;
    for (int i = length; i < row.length; i++) {
      rest += (float) Math.exp(row[sorted[i]] * scale - row[sorted[0]] * scale);
    }
    int[] first = Arrays.copyOf(sorted, length);
    return new ListedRow(first, logits(first, row), rest);
  }

  private static float[] logits(int[] tokenIds, float[] row) {
    float[] logits = new float[tokenIds.length];
    for (int i = 0; i < tokenIds.length; i++) {
      logits[i] = row[tokenIds[i]];
    }
    return logits;
  }

  /** The list without the token at a place. */
  ListedRow without(int place) {
    int[] ids = new int[tokenIds.length - 1];
    float[] left = new float[ids.length];
    for (int i = 0; i < ids.length; i++) {
      int from = i < place ? i : i + 1;
      ids[i] = tokenIds[from];
      left[i] = logits[from];
    }
    return new ListedRow(ids, left, rest);
  }

  /** The list with another last logit. */
  ListedRow boundedBy(float logit) {
    float[] others = logits.clone();
    others[others.length - 1] = logit;
    return new ListedRow(tokenIds, others, rest);
  }

  Optional<SamplingOutcome> sample(Sampler sampler, SamplingScratch scratch) {
    return sampler.sample(tokenIds, logits, rest, scratch);
  }
}
