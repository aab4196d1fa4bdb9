package io.sirocco.contracts.chat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of an answer: OpenAI's {@code chat.completion.chunk}.
 *
 * <p>Immutable.
 *
 * @param id the same for all chunks of an answer
 * @param object always {@value #OBJECT}
 * @param created when the answer was begun, in seconds since the epoch
 * @param model the model that answers
 * @param choices what is new, choice by choice; empty on the last chunk
 * @param usage on the last chunk, what the whole answer used
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChatChunk(
    @JsonProperty("id") String id,
    @JsonProperty("object") String object,
    @JsonProperty("created") long created,
    @JsonProperty("model") String model,
    @JsonProperty("choices") List<Choice> choices,
    @JsonProperty("usage") @Nullable Usage usage) {

  /** The value of {@code object}. */
  public static final String OBJECT = "chat.completion.chunk";

  public ChatChunk {
    requireNonNull(id, "id");
    requireNonNull(object, "object");
    requireNonNull(model, "model");
    choices = List.copyOf(requireNonNull(choices, "choices"));
  }

  /**
   * What is new in one choice.
   *
   * @param index the choice, from 0
   * @param delta the new text
   * @param finishReason on the choice's last chunk, why it ended
   */
  public record Choice(
      @JsonProperty("index") int index,
      @JsonProperty("delta") Delta delta,

      @JsonProperty("finish_reason") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
      FinishReason finishReason) {
    public Choice {
      requireNonNull(delta, "delta");
    }
  }

  /**
   * New text.
   *
   * @param role who speaks; on the first chunk only
   * @param content the text to append; null when there is none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Delta(
      @JsonProperty("role") @Nullable String role,
      @JsonProperty("content") @Nullable String content) {}
}
