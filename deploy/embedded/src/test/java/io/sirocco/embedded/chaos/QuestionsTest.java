package io.sirocco.embedded.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuestionsTest {
  @Test
  void theSameSeedAsksTheSame() {
    assertThat(Questions.of(7, 100)).isEqualTo(Questions.of(7, 100)).hasSize(36);
  }

  @Test
  void fewStreamsAskFewQuestionsOfEveryKind() {
    assertThat(Questions.of(7, 6))
        .hasSize(6)
        .anyMatch(question -> question.choices() == 2)
        .anyMatch(question -> question.request().stop() != null)
        .anyMatch(question -> Boolean.FALSE.equals(question.request().stream()))
        .anyMatch(question -> question.request().extra().containsKey("frequency_penalty"));
  }

  @Test
  void whatIsDrawnHasASeedSoThatItsAnswerIsAlwaysTheSame() {
    assertThat(Questions.of(7, 100))
        .allMatch(question -> Double.valueOf(0).equals(question.request().temperature())
            || question.request().seed() != null);
  }
}
