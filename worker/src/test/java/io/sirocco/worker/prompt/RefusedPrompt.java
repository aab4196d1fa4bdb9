package io.sirocco.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conversations that are no prompts. */
final class RefusedPrompt {
  private RefusedPrompt() {}

  static void assertInvalid(
      PromptEncoder encoder,
      @Nullable List<ChatMessage> messages,
      ErrorCode code,
      String field,
      String message) {
    assertThatThrownBy(() -> encoder.encode(messages))
        .hasMessageContaining(message)
        .asInstanceOf(type(InvalidRequestException.class))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(code);
          assertThat(e.field()).isEqualTo(field);
        });
  }
}
