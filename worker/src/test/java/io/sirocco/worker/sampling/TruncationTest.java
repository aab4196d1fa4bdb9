package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Four tokens with probabilities 0.1, 0.4, 0.2 and 0.3. */
class TruncationTest {
  private static final float[] LOGITS = {log(0.1), log(0.4), log(0.2), log(0.3)};

  @Test
  void topKKeepsTheLikeliest() {
    assertThat(keptBy(new TopK(2))).containsExactly(1, 3);
    assertThat(keptBy(new TopK(1))).containsExactly(1);
    assertThat(keptBy(new TopK(9))).containsExactly(0, 1, 2, 3);
  }

  @Test
  void topPKeepsTheSmallestSetOfThatMass() {
    assertThat(keptBy(new TopP(0.39))).containsExactly(1);
    assertThat(keptBy(new TopP(0.41))).containsExactly(1, 3);
    assertThat(keptBy(new TopP(0.69))).containsExactly(1, 3);
    assertThat(keptBy(new TopP(0.71))).containsExactly(1, 2, 3);
    assertThat(keptBy(new TopP(0.95))).containsExactly(0, 1, 2, 3);
  }

  @Test
  void topPAlwaysKeepsTheLikeliest() {
    assertThat(keptBy(new TopP(1e-9))).containsExactly(1);
  }

  @Test
  void minPDropsWhatIsBelowItsShareOfTheLikeliest() {
    assertThat(keptBy(new MinP(0.24))).containsExactly(0, 1, 2, 3);
    assertThat(keptBy(new MinP(0.26))).containsExactly(1, 2, 3);
    assertThat(keptBy(new MinP(0.76))).containsExactly(1);
    assertThat(keptBy(new MinP(1))).containsExactly(1);
  }

  private static Set<Integer> keptBy(Truncation truncation) {
    Candidates candidates = new Candidates(LOGITS.length);
    candidates.fill(LOGITS, 0, 1);
    truncation.apply(candidates);
    Set<Integer> kept = new TreeSet<>();
    for (int i = 0; i < candidates.size(); i++) {
      kept.add(candidates.tokenId(i));
    }
    return kept;
  }

  private static float log(double probability) {
    return (float) Math.log(probability);
  }
}
