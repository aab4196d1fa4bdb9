package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LogitsRowTest {
  @Test
  void findsTheLikeliestAndOfEqualsTheSmallestId() {
    LogitsRow row = new LogitsRow(4);

    row.view(new float[] {9, 1, 5, 5, 2, 9}, 1);
    row.findLikeliest();

    assertThat(row.likeliest()).isEqualTo(1);
    assertThat(row.greatest()).isEqualTo(5);
  }

  @Test
  void nanIsFoundWhereverItIs() {
    for (int place = 0; place < 3000; place += 37) {
      float[] logits = new float[3000];
      logits[place] = Float.NaN;
      LogitsRow row = new LogitsRow(logits.length);
      row.view(logits, 0);

      row.findLikeliest();
      assertThat(row.greatest()).isNaN();
      row.findMaxima();
      assertThat(row.greatest()).isNaN();
    }
  }

  @Test
  void collectsWhatReachesTheFloorWhateverTheLength() {
    Random random = new Random(1);
    for (int size : new int[] {1, 2, 1007, 1008, 1009, 2016, 5000}) {
      float[] logits = new float[size];
      int expected = 0;
      for (int i = 0; i < size; i++) {
        logits[i] = random.nextFloat();
        expected += logits[i] >= 0.5f ? 1 : 0;
      }
      LogitsRow row = new LogitsRow(size);
      row.view(logits, 0);
      row.findMaxima();
      Candidates candidates = new Candidates(size);

      row.collect(0.5, candidates);

      assertThat(candidates.size()).isEqualTo(expected);
    }
  }

  @Test
  void aBannedTokenIsNeverCollected() {
    LogitsRow row = new LogitsRow(3);
    row.copy(new float[] {1, 2, 3}, 0);
    row.ban(1);
    row.findMaxima();
    Candidates candidates = new Candidates(3);

    row.collect(Double.NEGATIVE_INFINITY, candidates);

    assertThat(candidates.size()).isEqualTo(2);
  }

  @Test
  void weighsAllAgainstTheLikeliest() {
    float[] logits = new float[1500];
    logits[700] = 2;
    LogitsRow row = new LogitsRow(logits.length);
    row.view(logits, 0);
    row.findMaxima();

    double expected = 1 + 1499 * Math.exp(-2);
    assertThat(row.weight()).isBetween(expected - 1e-8, expected + 1e-8);
  }
}
