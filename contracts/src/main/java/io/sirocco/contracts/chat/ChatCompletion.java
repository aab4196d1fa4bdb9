package io.sirocco.contracts.chat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer: OpenAI's {@code chat.completion}.
 *
 * <p>Immutable.
 *
 * @param id the answer's id
 * @param object always {@value #OBJECT}
 * @param created when the answer was begun, in seconds since the epoch
 * @param model the model that answered
 * @param choices the answer, once for each choice asked for
 * @param usage what it used
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChatCompletion(
    @JsonProperty("id") String id,
    @JsonProperty("object") String object,
    @JsonProperty("created") long created,
    @JsonProperty("model") String model,
    @JsonProperty("choices") List<Choice> choices,
    @JsonProperty("usage") @Nullable Usage usage) {

  /** The value of {@code object}. */
  public static final String OBJECT = "chat.completion";

  public ChatCompletion {
    requireNonNull(id, "id");
    requireNonNull(object, "object");
    requireNonNull(model, "model");
    choices = List.copyOf(requireNonNull(choices, "choices"));
  }

  /** The text of the first choice. */
  public String text() {
    MessageContent content = choices.get(0).message().content();
    return content == null ? "" : content.text();
  }

  /**
   * One choice.
   *
   * @param index its number, from 0
   * @param message what the model said
   * @param finishReason why it ended
   */
  public record Choice(
      @JsonProperty("index") int index,
      @JsonProperty("message") ChatMessage message,

      @JsonProperty("finish_reason") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
      FinishReason finishReason) {
    public Choice {
      requireNonNull(message, "message");
    }
  }
}
