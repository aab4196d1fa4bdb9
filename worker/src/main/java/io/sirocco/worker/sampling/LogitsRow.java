package io.sirocco.worker.sampling;

import java.util.Arrays;

/**
 * One row of float32 logits, with the greatest logit of each of its columns.
 *
 * <p>Column {@code c} holds the tokens whose id is {@code c} modulo the number of columns. Their
 * maxima are found in one pass of plain element-wise loops, which the compiler turns into vector
 * instructions; whoever looks for great logits then reads only the columns that have some.
 *
 * <p>Confined to one thread at a time; an instance is used again for every row.
 */
final class LogitsRow {
  /**
   * So many that the likeliest tokens rarely share one, and few enough for the nearest cache; an odd
   * number of its lines, so that the tokens of a column do not all fall into the same set of it.
   */
  private static final int MOST_COLUMNS = 63 * 16;

  private static final int BLOCK = 512;

  private final float[] own;
  private final float[] maxima;
  private final double[] weights = new double[BLOCK];
  private final double[] sums = new double[BLOCK];
  private float[] values;
  private int offset;
  private int likeliest;
  private float greatest;

  /** Makes room for a vocabulary of that many tokens. */
  LogitsRow(int vocabularySize) {
    own = new float[vocabularySize];
    maxima = new float[Math.min(MOST_COLUMNS, vocabularySize)];
    values = own;
  }

  /** The number of logits. */
  int size() {
    return own.length;
  }

  /** Shows the row that begins at {@code offset}; it must not be changed. */
  void view(float[] logits, int offset) {
    this.values = logits;
    this.offset = offset;
  }

  /** Takes a copy of the row that begins at {@code offset}, which may be changed. */
  void copy(float[] logits, int offset) {
    System.arraycopy(logits, offset, own, 0, own.length);
    view(own, 0);
  }

  /** Takes copies of some tokens' logits, which may be changed; those of others are undefined. */
  void copy(int[] tokenIds, float[] logits) {
    view(own, 0);
    for (int i = 0; i < tokenIds.length; i++) {
      set(tokenIds[i], logits[i]);
    }
  }

  /** The logit of a token. */
  float get(int tokenId) {
    return values[offset + tokenId];
  }

  /** Changes the logit of a token. */
  void set(int tokenId, float logit) {
    values[offset + tokenId] = logit;
  }

  /** Makes a token impossible. */
  void ban(int tokenId) {
    set(tokenId, Float.NEGATIVE_INFINITY);
  }

  /** Finds the likeliest token, of equals the one with the smallest id; NaN counts as likeliest. */
  void findLikeliest() {
    int best = 0;
    float most = Float.NEGATIVE_INFINITY;
    for (int id = 0; id < own.length; id++) {
      float logit = values[offset + id];
      // True for NaN as well, in the one comparison that nearly every logit fails.
      if (!(logit <= most)) {
        best = id;
        most = logit;
        if (Float.isNaN(logit)) {
          break;
        }
      }
    }
    likeliest = best;
    greatest = most;
  }

  /** The token that {@link #findLikeliest} found. */
  int likeliest() {
    return likeliest;
  }

  /** The greatest logit, as either search found it; NaN when any logit is. */
  float greatest() {
    return greatest;
  }

  /** Finds the maxima of the columns, which all methods below need. */
  void findMaxima() {
    int columns = maxima.length;
    System.arraycopy(values, offset, maxima, 0, columns);
    for (int first = columns; first < size(); first += columns) {
      raise(maxima, values, offset + first, Math.min(columns, size() - first));
    }
    greatest = Float.NEGATIVE_INFINITY;
    for (float maximum : maxima) {
      greatest = Math.max(greatest, maximum);
    }
  }

  private static void raise(float[] maxima, float[] values, int from, int count) {
    for (int c = 0; c < count; c++) {
      maxima[c] = Math.max(maxima[c], values[from + c]);
    }
  }

  /** What all tokens weigh together, where a token with the greatest logit weighs 1. */
  double weight() {
    Arrays.fill(sums, 0);
    for (int first = 0; first < size(); first += BLOCK) {
      int count = Math.min(BLOCK, size() - first);
      for (int i = 0; i < count; i++) {
        weights[i] = Exponentials.clamped(get(first + i) - (double) greatest);
      }
      Exponentials.replace(weights, count);
      for (int i = 0; i < count; i++) {
        sums[i] += weights[i];
      }
    }
    double sum = 0;
    for (double part : sums) {
      sum += part;
    }
    return sum;
  }

  /** Multiplies all logits, and the maxima, by a positive number. */
  void scale(float factor) {
    scale(values, offset, size(), factor);
    // Rounding keeps the order, so that the scaled maxima are the maxima of the scaled.
    scale(maxima, 0, maxima.length, factor);
    greatest *= factor;
  }

  private static void scale(float[] values, int from, int count, float factor) {
    for (int i = from; i < from + count; i++) {
      values[i] *= factor;
    }
  }

  /** The number of columns. */
  int columns() {
    return maxima.length;
  }

  /** Replaces {@code candidates} by one for each column: its number, with its greatest logit. */
  void collectMaxima(Candidates candidates) {
    candidates.clear();
    for (int c = 0; c < maxima.length; c++) {
      candidates.add(c, maxima[c]);
    }
  }

  /** Replaces {@code candidates} by the possible tokens whose logit is at least {@code floor}. */
  void collect(double floor, Candidates candidates) {
    candidates.clear();
    double least = Math.max(floor, -Float.MAX_VALUE);
    int columns = maxima.length;
    for (int c = 0; c < columns; c++) {
      if (maxima[c] >= least) {
        for (int id = c; id < size(); id += columns) {
          float logit = get(id);
          if (logit >= least) {
            candidates.add(id, logit);
          }
        }
      }
    }
  }
}
