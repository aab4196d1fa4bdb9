package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Vectors of four tokens, worked out by hand. */
class LogitsStepTest {
  private static final float BANNED = Float.NEGATIVE_INFINITY;

  @Test
  void biasIsAdded() {
    assertThat(after(new LogitBias(Map.of(1, 2.5f, 3, -100f)))).containsExactly(2, 1.5f, 0, -97);
  }

  @Test
  void repetitionPenaltyDividesPositiveLogitsAndMultipliesOthers() {
    LogitsStep step = new RepetitionPenalty(2, new int[] {0, 1, 0});
    step.accept(2);

    assertThat(after(step)).containsExactly(1, -2, 0, 3);
  }

  @Test
  void repetitionPenaltyBelowOneMakesSeenTokensLikelier() {
    assertThat(after(new RepetitionPenalty(0.5, new int[] {0, 1}))).containsExactly(4, -0.5f, 0, 3);
  }

  @Test
  void frequencyPenaltyCountsTheAnswer() {
    LogitsStep step = new FrequencyPenalty(0.5);
    step.accept(3);
    step.accept(1);
    step.accept(3);

    assertThat(after(step)).containsExactly(2, -1.5f, 0, 2);
  }

  @Test
  void presencePenaltyDoesNotCount() {
    LogitsStep step = new PresencePenalty(0.5);
    step.accept(3);
    step.accept(1);
    step.accept(3);

    assertThat(after(step)).containsExactly(2, -1.5f, 0, 2.5f);
  }

  @Test
  void negativePenaltiesMakeTokensLikelier() {
    LogitsStep frequency = new FrequencyPenalty(-1);
    LogitsStep presence = new PresencePenalty(-1);
    frequency.accept(0);
    frequency.accept(0);
    presence.accept(0);
    presence.accept(0);

    assertThat(after(frequency)).containsExactly(4, -1, 0, 3);
    assertThat(after(presence)).containsExactly(3, -1, 0, 3);
  }

  @Test
  void ngramsOfOneBanEverythingSeen() {
    LogitsStep step = new NoRepeatNgram(1, new int[] {0, 2});
    step.accept(3);

    assertThat(after(step)).containsExactly(BANNED, -1, BANNED, BANNED);
  }

  @Test
  void ngramsOfTwoBanWhatFollowedTheLastToken() {
    // Prompt 0 1 3, answer 0: after a 0 came a 1.
    LogitsStep step = new NoRepeatNgram(2, new int[] {0, 1, 3});
    step.accept(0);

    assertThat(after(step)).containsExactly(2, BANNED, 0, 3);
  }

  @Test
  void ngramsOfThreeNeedTwoEqualTokens() {
    // Prompt 0 1 2 1 3 0, answer 1: after 0 1 came a 2; after a mere 1 came a 3.
    LogitsStep step = new NoRepeatNgram(3, new int[] {0, 1, 2, 1, 3, 0});
    step.accept(1);

    assertThat(after(step)).containsExactly(2, -1, BANNED, 3);
  }

  @Test
  void ngramsLongerThanTheTextBanNothing() {
    assertThat(after(new NoRepeatNgram(3, new int[] {0}))).containsExactly(2, -1, 0, 3);
  }

  @Test
  void endsAreBannedUntilTheLeastLengthIsReached() {
    LogitsStep step = new MinimumLength(2, Set.of(0, 3));

    assertThat(after(step)).containsExactly(BANNED, -1, 0, BANNED);
    step.accept(1);
    assertThat(after(step)).containsExactly(BANNED, -1, 0, BANNED);
    step.accept(1);
    assertThat(after(step)).containsExactly(2, -1, 0, 3);
  }

  @Test
  void idsThatTheRowDoesNotHaveArePassedOver() {
    int[] prompt = {4, 9};

    assertThat(after(new LogitBias(Map.of(4, 1f, 9, 1f)))).containsExactly(2, -1, 0, 3);
    assertThat(after(new RepetitionPenalty(2, prompt))).containsExactly(2, -1, 0, 3);
    assertThat(after(new NoRepeatNgram(1, prompt))).containsExactly(2, -1, 0, 3);
    assertThat(after(new MinimumLength(1, Set.of(4, 9)))).containsExactly(2, -1, 0, 3);
    assertThat(after(having(new FrequencyPenalty(1), 4))).containsExactly(2, -1, 0, 3);
    assertThat(after(having(new PresencePenalty(1), 4))).containsExactly(2, -1, 0, 3);
  }

  private static LogitsStep having(LogitsStep step, int tokenId) {
    step.accept(tokenId);
    return step;
  }

  private static float[] after(LogitsStep step) {
    LogitsRow row = new LogitsRow(4);
    row.copy(new float[] {2, -1, 0, 3}, 0);
    step.apply(row);
    return new float[] {row.get(0), row.get(1), row.get(2), row.get(3)};
  }
}
