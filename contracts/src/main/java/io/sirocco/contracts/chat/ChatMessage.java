package io.sirocco.contracts.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation.
 *
 * <p>Immutable.
 *
 * @param role who speaks: {@code system}, {@code user} or {@code assistant}
 * @param content what was said
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChatMessage(
    @JsonProperty("role") @Nullable String role,
    @JsonProperty("content") @Nullable MessageContent content) {

  /** Returns what sets the scene. */
  public static ChatMessage system(String text) {
    return new ChatMessage("system", MessageContent.ofText(text));
  }

  /** Returns what the user said. */
  public static ChatMessage user(String text) {
    return new ChatMessage("user", MessageContent.ofText(text));
  }

  /** Returns what the model said. */
  public static ChatMessage assistant(String text) {
    return new ChatMessage("assistant", MessageContent.ofText(text));
  }
}
