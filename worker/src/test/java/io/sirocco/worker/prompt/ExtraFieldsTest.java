package io.sirocco.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.error.InvalidRequestException;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExtraFieldsTest {
  @Test
  void aFieldThatNobodyKnowsIsNamed() throws InvalidRequestException {
    assertThat(ExtraFields.OF_REQUEST.check("", Map.of("temprature", 1)))
        .containsExactly("temprature");
  }

  @Test
  void aFieldThatDoesNotTouchTheAnswerIsPassedOver() throws InvalidRequestException {
    assertThat(ExtraFields.OF_REQUEST.check(
            "", Map.of("metadata", Map.of("team", "a"), "store", false)))
        .isEmpty();
  }

  @Test
  void aFieldThatAsksForNothingIsAccepted() throws InvalidRequestException {
    assertThat(ExtraFields.OF_REQUEST.check(
            "", Map.of("n", 1, "presence_penalty", new BigDecimal("0.0"))))
        .isEmpty();
    assertThat(ExtraFields.OF_REQUEST.check(
            "", Map.of("tools", List.of(), "response_format", Map.of("type", "text"))))
        .isEmpty();
    assertThat(ExtraFields.OF_REQUEST.check("", Collections.singletonMap("logit_bias", null)))
        .isEmpty();
  }

  @Test
  void aFieldThatCannotBeFollowedIsAnError() {
    assertThatThrownBy(() -> ExtraFields.OF_REQUEST.check("", Map.of("n", 2)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("'n' is not supported: expected it to be absent or 1");
    assertThatThrownBy(() -> ExtraFields.OF_REQUEST.check("", Map.of("logprobs", true)))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() ->
            ExtraFields.OF_REQUEST.check("", Map.of("tools", List.of(Map.of("type", "function")))))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void theChoiceAmongNoToolsIsAccepted() throws InvalidRequestException {
    assertThat(ExtraFields.OF_REQUEST.check("", Map.of("tool_choice", "auto", "tools", List.of())))
        .isEmpty();
    assertThatThrownBy(() -> ExtraFields.OF_REQUEST.check("", Map.of("tool_choice", "required")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("'tool_choice' is not supported: expected it to be absent or none or auto");
  }
}
