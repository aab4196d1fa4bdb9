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
 * @param promptTokenIds on the first chunk, the tokens of the prompt, if they were asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChatChunk(
    @JsonProperty("id") String id,
    @JsonProperty("object") String object,
    @JsonProperty("created") long created,
    @JsonProperty("model") String model,
    @JsonProperty("choices") List<Choice> choices,
    @JsonProperty("usage") @Nullable Usage usage,
    @JsonProperty("prompt_token_ids") @Nullable List<Integer> promptTokenIds) {

  /** The value of {@code object}. */
  public static final String OBJECT = "chat.completion.chunk";

  public ChatChunk {
    requireNonNull(id, "id");
    requireNonNull(object, "object");
    requireNonNull(model, "model");
    choices = List.copyOf(requireNonNull(choices, "choices"));
    promptTokenIds = promptTokenIds == null ? null : List.copyOf(promptTokenIds);
  }

  /** A chunk without the tokens of the prompt. */
  public ChatChunk(
      String id,
      String object,
      long created,
      String model,
      List<Choice> choices,
      @Nullable Usage usage) {
    this(id, object, created, model, choices, usage, null);
  }

  /**
   * What is new in one choice.
   *
   * @param index the choice, from 0
   * @param delta the new text
   * @param logprobs how likely its tokens were, if that was asked for
   * @param finishReason on the choice's last chunk, why it ended
   * @param tokenIds all tokens since the choice's last chunk, if they were asked for
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Choice(
      @JsonProperty("index") int index,
      @JsonProperty("delta") Delta delta,
      @JsonProperty("logprobs") @Nullable Logprobs logprobs,

      @JsonProperty("finish_reason") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
      FinishReason finishReason,

      @JsonProperty("token_ids") @Nullable List<Integer> tokenIds) {
    public Choice {
      requireNonNull(delta, "delta");
      tokenIds = tokenIds == null ? null : List.copyOf(tokenIds);
    }

    /** New text and nothing about its tokens. */
    public Choice(int index, Delta delta, @Nullable FinishReason finishReason) {
      this(index, delta, null, finishReason, null);
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
