package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CandidatesTest {
  @Test
  void keepsLogitsAndIdsOfEverySign() {
    Candidates candidates = of(-1.5f, 0, 2.25f, -1e30f, 1e30f);

    assertThat(logits(candidates)).containsExactly(-1.5f, 0, 2.25f, -1e30f, 1e30f);
    assertThat(ids(candidates)).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void sortsTheLikeliestFirstAndEqualsBySmallerId() {
    Candidates candidates = of(1, 3, -2, 3, 0);

    candidates.sort();

    assertThat(ids(candidates)).containsExactly(1, 3, 0, 4, 2);
  }

  @Test
  void bothZerosAreEqual() {
    Candidates candidates = of(-0f, 0f, -0f);

    candidates.sort();

    assertThat(ids(candidates)).containsExactly(0, 1, 2);
  }

  @Test
  void weighsAgainstTheLikeliest() {
    Candidates candidates = of((float) Math.log(0.1), (float) Math.log(0.4));

    candidates.weigh();

    assertThat(candidates.weight(0)).isBetween(0.25 - 1e-6, 0.25 + 1e-6);
    assertThat(candidates.weight(1)).isEqualTo(1);
    assertThat(candidates.weight(0, 1)).isBetween(1.25 - 1e-6, 1.25 + 1e-6);
  }

  @Test
  void aSplitPutsTheLikelierFirstEachWithItsWeight() {
    Candidates candidates = of(0, 5, 1, 4, 2, 3);
    candidates.weigh();

    int last = candidates.split(0, 5);

    assertThat(last).isBetween(0, 4);
    float[] logits = logits(candidates);
    float least = logits[0];
    for (int i = 0; i < logits.length; i++) {
      assertThat(candidates.weight(i)).isCloseTo(Math.exp(logits[i] - 5), within(1e-12));
      least = i <= last ? Math.min(least, logits[i]) : least;
    }
    for (int i = last + 1; i < logits.length; i++) {
      assertThat(logits[i]).isLessThan(least);
    }
  }

  private static Candidates of(float... logits) {
    Candidates candidates = new Candidates(logits.length);
    for (int id = 0; id < logits.length; id++) {
      candidates.add(id, logits[id]);
    }
    return candidates;
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
