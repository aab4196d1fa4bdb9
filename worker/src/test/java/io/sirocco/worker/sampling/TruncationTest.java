package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Four tokens with probabilities 0.1, 0.4, 0.2 and 0.3; applied to a row and to candidates. */
class TruncationTest {
  private static final float[] LOGITS = {log(0.1), log(0.4), log(0.2), log(0.3)};

  @Test
  void topKKeepsTheLikeliest() {
    assertThat(keptBy(new TopK(1))).containsExactly(1);
    assertThat(keptBy(new TopK(2))).containsExactly(1, 3);
    assertThat(keptBy(new TopK(4))).containsExactly(0, 1, 2, 3);
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
    LogitsRow row = new LogitsRow(LOGITS.length);
    row.view(LOGITS, 0);
    row.findMaxima();
    Candidates candidates = new Candidates(LOGITS.length);
    truncation.select(row, candidates);
    Set<Integer> ofRow = ids(candidates);
    row.collect(Double.NEGATIVE_INFINITY, candidates);
    truncation.apply(candidates);
    assertThat(ids(candidates)).isEqualTo(ofRow);
    return ofRow;
  }

  private static Set<Integer> ids(Candidates candidates) {
    Set<Integer> ids = new TreeSet<>();
    for (int i = 0; i < candidates.size(); i++) {
      ids.add(candidates.tokenId(i));
    }
    return ids;
  }

  private static float log(double probability) {
    return (float) Math.log(probability);
  }
}
