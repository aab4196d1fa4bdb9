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
 * @param promptTokenIds the tokens of the prompt, if they were asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChatCompletion(
    @JsonProperty("id") String id,
    @JsonProperty("object") String object,
    @JsonProperty("created") long created,
    @JsonProperty("model") String model,
    @JsonProperty("choices") List<Choice> choices,
    @JsonProperty("usage") @Nullable Usage usage,
    @JsonProperty("prompt_token_ids") @Nullable List<Integer> promptTokenIds) {

  /** The value of {@code object}. */
  public static final String OBJECT = "chat.completion";

  public ChatCompletion {
    requireNonNull(id, "id");
    requireNonNull(object, "object");
    requireNonNull(model, "model");
    choices = List.copyOf(requireNonNull(choices, "choices"));
    promptTokenIds = promptTokenIds == null ? null : List.copyOf(promptTokenIds);
  }

  /** An answer without the tokens of the prompt. */
  public ChatCompletion(
      String id,
      String object,
      long created,
      String model,
      List<Choice> choices,
      @Nullable Usage usage) {
    this(id, object, created, model, choices, usage, null);
  }

  /** The text of the first choice. */
  public String text() {
    String content = choices.get(0).message().content();
    return content == null ? "" : content;
  }

  /**
   * One choice.
   *
   * @param index its number, from 0
   * @param message what the model said
   * @param logprobs how likely its tokens were, if that was asked for; otherwise written as null
   * @param finishReason why it ended
   * @param tokenIds all tokens that were generated, if they were asked for
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Choice(
      @JsonProperty("index") int index,
      @JsonProperty("message") Message message,

      @JsonProperty("logprobs") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
      Logprobs logprobs,

      @JsonProperty("finish_reason") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
      FinishReason finishReason,

      @JsonProperty("token_ids") @Nullable List<Integer> tokenIds) {
    public Choice {
      requireNonNull(message, "message");
      tokenIds = tokenIds == null ? null : List.copyOf(tokenIds);
    }

    /** What was said and nothing about its tokens. */
    public Choice(int index, Message message, @Nullable FinishReason finishReason) {
      this(index, message, null, finishReason, null);
    }
  }

  /**
   * What the model said.
   *
   * @param role always {@code assistant}
   * @param content the text
   * @param refusal a member of OpenAI's form; always null, as a model refuses in its text
   */
  public record Message(
      @JsonProperty("role") String role,
      @JsonProperty("content") @Nullable String content,
      @JsonProperty("refusal") @Nullable String refusal) {
    public Message {
      requireNonNull(role, "role");
    }

    /** Returns a message of that text. */
    public static Message of(String text) {
      return new Message("assistant", text, null);
    }
  }
}
