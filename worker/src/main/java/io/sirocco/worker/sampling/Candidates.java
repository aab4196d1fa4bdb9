package io.sirocco.worker.sampling;

import java.util.Arrays;

/**
 * The tokens that may still be drawn for one position, with their logits.
 *
 * <p>A candidate is one {@code long}: the logit in the upper half, mapped so that a greater logit is
 * a smaller number, and the token id in the lower. So comparing the longs puts the likelier token
 * first and breaks ties by the smaller id.
 *
 * <p>Confined to one thread at a time; an instance is used again for every row.
 */
final class Candidates {
  private final long[] keys;
  private final double[] weights;
  private int size;

  /** Makes room for a vocabulary of that many tokens. */
  Candidates(int vocabularySize) {
    keys = new long[vocabularySize];
    weights = new double[vocabularySize];
  }

  /** Drops all. */
  void clear() {
    size = 0;
  }

  /** Adds a token, which must not be there yet. */
  void add(int tokenId, float logit) {
    keys[size++] = ((long) ordered(logit) << Integer.SIZE) | tokenId;
  }

  /** How many are left. */
  int size() {
    return size;
  }

  /** The token id of the candidate at {@code index}. */
  int tokenId(int index) {
    return (int) keys[index];
  }

  /** The logit of the candidate at {@code index}. */
  float logit(int index) {
    return unordered((int) (keys[index] >> Integer.SIZE));
  }

  /** The greatest logit. */
  float greatestLogit() {
    long least = keys[0];
    for (int i = 1; i < size; i++) {
      least = Math.min(least, keys[i]);
    }
    return unordered((int) (least >> Integer.SIZE));
  }

  /** The least logit. */
  float leastLogit() {
    long greatest = keys[0];
    for (int i = 1; i < size; i++) {
      greatest = Math.max(greatest, keys[i]);
    }
    return unordered((int) (greatest >> Integer.SIZE));
  }

  /** Finds what each candidate weighs, where the likeliest is 1; {@link #split} keeps it. */
  void weigh() {
    float greatest = greatestLogit();
    for (int i = 0; i < size; i++) {
      weights[i] = Exponentials.clamped(logit(i) - (double) greatest);
    }
    Exponentials.replace(weights, size);
  }

  /** What the candidate at {@code index} weighs. */
  double weight(int index) {
    return weights[index];
  }

  /** What the candidates from {@code low} to {@code high} weigh together. */
  double weight(int low, int high) {
    double weight = 0;
    for (int i = low; i <= high; i++) {
      weight += weights[i];
    }
    return weight;
  }

  /** Drops the candidates whose logit is below {@code threshold}. */
  void dropBelow(double threshold) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (logit(i) >= threshold) {
        keys[kept++] = keys[i];
      }
    }
    size = kept;
  }

  /** Drops all candidates but the first {@code count}. */
  void keepFirst(int count) {
    size = Math.min(size, count);
  }

  /** Puts the likeliest first; the candidates must be weighed again. */
  void sort() {
    Arrays.sort(keys, 0, size);
  }

  /**
   * Splits the candidates from {@code low} to {@code high}, two or more, in likelier and less likely
   * ones.
   *
   * <p>Source: Hoare 1961, "Algorithm 63: Partition".
   *
   * @return where the last of the likelier ones is, at least {@code low} and less than {@code high}
   */
  int split(int low, int high) {
    long pivot = keys[(low + high) >>> 1];
    int left = low - 1;
    int right = high + 1;
    while (true) {
      do {
        left++;
      } while (keys[left] < pivot);
      do {
        right--;
      } while (keys[right] > pivot);
      if (left >= right) {
        return right;
      }
      swap(left, right);
    }
  }

  private void swap(int left, int right) {
    long key = keys[left];
    keys[left] = keys[right];
    keys[right] = key;
    double weight = weights[left];
    weights[left] = weights[right];
    weights[right] = weight;
  }

  /** Maps a float to an int that is smaller the greater the float is; both zeros to the same. */
  private static int ordered(float logit) {
    return ~flipped(Float.floatToRawIntBits(logit + 0f));
  }

  private static float unordered(int ordered) {
    return Float.intBitsToFloat(flipped(~ordered));
  }

  /** Flips all bits but the sign of what has one; no branch, as a logit's sign is hard to predict. */
  private static int flipped(int bits) {
    return bits ^ ((bits >> (Integer.SIZE - 1)) >>> 1);
  }
}
