package io.sirocco.worker.sampling;

import java.util.Arrays;

/**
 * The tokens that may still be drawn for one position, with their logits.
 *
 * <p>A candidate is one {@code long}: the logit in the upper half, mapped so that a greater logit is
 * a smaller number, and the token id in the lower. So sorting the longs puts the likeliest token
 * first and breaks ties by the smaller id, without a comparator or an allocation.
 *
 * <p>Confined to one thread at a time; an instance is used again for every row.
 */
public final class Candidates {
  private final long[] keys;
  private int size;

  /** Makes room for a vocabulary of that many tokens. */
  public Candidates(int vocabularySize) {
    keys = new long[vocabularySize];
  }

  /** The number of logits in a row. */
  int vocabularySize() {
    return keys.length;
  }

  /** Takes all tokens of a row as candidates, with their logits divided by {@code temperature}. */
  void fill(float[] logits, int offset, double temperature) {
    float scale = (float) (1 / temperature);
    size = keys.length;
    for (int id = 0; id < size; id++) {
      keys[id] = key(id, logits[offset + id] * scale);
    }
  }

  /** How many are left. */
  int size() {
    return size;
  }

  /** The token id of the candidate at {@code index}. */
  int tokenId(int index) {
    return (int) keys[index];
  }

  /** The logit of the candidate at {@code index}, after temperature. */
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

  /** Puts the likeliest first; of equals, the one with the smaller id. */
  void sort() {
    Arrays.sort(keys, 0, size);
  }

  /**
   * Moves the {@code count} likeliest candidates to the front, in no order.
   *
   * <p>Source: Hoare 1961, "Algorithm 65: Find".
   */
  void partition(int count) {
    int low = 0;
    int high = size - 1;
    while (low < high) {
      long pivot = keys[(low + high) >>> 1];
      int left = low;
      int right = high;
      while (left <= right) {
        while (keys[left] < pivot) {
          left++;
        }
        while (keys[right] > pivot) {
          right--;
        }
        if (left <= right) {
          long swapped = keys[left];
          keys[left++] = keys[right];
          keys[right--] = swapped;
        }
      }
      if (count - 1 <= right) {
        high = right;
      } else if (count - 1 >= left) {
        low = left;
      } else {
        return;
      }
    }
  }

  private static long key(int id, float logit) {
    return ((long) ordered(logit) << Integer.SIZE) | id;
  }

  /** Maps a float to an int that is smaller the greater the float is. */
  private static int ordered(float logit) {
    int bits = Float.floatToRawIntBits(logit);
    return bits < 0 ? bits & Integer.MAX_VALUE : ~bits;
  }

  private static float unordered(int ordered) {
    return Float.intBitsToFloat(ordered >= 0 ? ordered | Integer.MIN_VALUE : ~ordered);
  }
}
