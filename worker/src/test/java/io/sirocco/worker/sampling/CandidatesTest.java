package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CandidatesTest {
  @Test
  void keepsLogitsAndIdsOfEverySign() {
    Candidates candidates = new Candidates(5);

    candidates.fill(new float[] {9, -1.5f, 0, 2.25f, -0.0f, 1e30f}, 1, 1);

    assertThat(logits(candidates)).containsExactly(-1.5f, 0, 2.25f, -0.0f, 1e30f);
    assertThat(ids(candidates)).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void sortsTheLikeliestFirstAndEqualsBySmallerId() {
    Candidates candidates = new Candidates(5);
    candidates.fill(new float[] {1, 3, -2, 3, 0}, 0, 1);

    candidates.sort();

    assertThat(ids(candidates)).containsExactly(1, 3, 0, 4, 2);
  }

  @Test
  void partitionFindsTheSameCandidatesAsSorting() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      float[] logits = new float[1 + random.nextInt(60)];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = random.nextInt(20) - 10;
      }
      int count = 1 + random.nextInt(logits.length);
      Candidates sorted = new Candidates(logits.length);
      sorted.fill(logits, 0, 1);
      sorted.sort();
      sorted.keepFirst(count);
      Candidates partitioned = new Candidates(logits.length);
      partitioned.fill(logits, 0, 1);

      partitioned.partition(count);
      partitioned.keepFirst(count);

      partitioned.sort();
      assertThat(ids(partitioned)).isEqualTo(ids(sorted));
    }
  }

  private static int[] ids(Candidates candidates) {
    int[] ids = new int[candidates.size()];
    Arrays.setAll(ids, candidates::tokenId);
    return ids;
  }

  private static float[] logits(Candidates candidates) {
    float[] logits = new float[candidates.size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = candidates.logit(i);
    }
    return logits;
  }
}
