package io.sirocco.contracts.chat;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation.
 *
 * <p>Immutable.
 *
 * @param role who speaks: {@code system}, {@code developer}, {@code user}, {@code assistant} or
 *     {@code tool}
 * @param content what was said
 * @param extra the fields that this version does not know, in the order they came
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChatMessage(
    @JsonProperty("role") @Nullable String role,
    @JsonProperty("content") @Nullable MessageContent content,
    @JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> extra) {

  public ChatMessage {
    // Not Map.copyOf: a field that is present and null is to be seen as well.
    extra = extra == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(extra));
  }

  /** A message of known fields alone. */
  public ChatMessage(@Nullable String role, @Nullable MessageContent content) {
    this(role, content, Map.of());
  }

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
