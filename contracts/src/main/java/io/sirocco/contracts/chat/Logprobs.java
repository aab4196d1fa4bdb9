package io.sirocco.contracts.chat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How likely the model held the tokens of a choice, in OpenAI's form.
 *
 * <p>Immutable.
 *
 * @param content the tokens of the text, in order; not one of which a stop text took a part
 * @param refusal a member of OpenAI's form; always null, as a model refuses in its text
 */
public record Logprobs(
    @JsonProperty("content") List<Token> content,
    @JsonProperty("refusal") @Nullable List<Token> refusal) {
  /** What stands for the logarithm of nothing, which JSON cannot say. */
  public static final double VERY_UNLIKELY = -9999;

  public Logprobs {
    content = List.copyOf(requireNonNull(content, "content"));
    refusal = refusal == null ? null : List.copyOf(refusal);
  }

  /** Those of a text. */
  public Logprobs(List<Token> content) {
    this(content, null);
  }

  /**
   * A token that was chosen.
   *
   * <p>Immutable.
   *
   * @param token its text; of a token that is a part of a character U+FFFD
   * @param logprob the natural logarithm of its probability, 0 or less
   * @param bytes its text in UTF-8, 0 to 255: those of all tokens, joined, are the text's
   * @param topLogprobs the likeliest tokens in its place, the likeliest first
   */
  public record Token(
      @JsonProperty("token") String token,
      @JsonProperty("logprob") double logprob,
      @JsonProperty("bytes") List<Integer> bytes,
      @JsonProperty("top_logprobs") List<Alternative> topLogprobs) {
    public Token {
      requireNonNull(token, "token");
      bytes = List.copyOf(requireNonNull(bytes, "bytes"));
      topLogprobs = List.copyOf(requireNonNull(topLogprobs, "top_logprobs"));
    }
  }

  /**
   * A token that could have been chosen.
   *
   * <p>Immutable.
   *
   * @param token its text; of a token that is a part of a character U+FFFD
   * @param logprob the natural logarithm of its probability, 0 or less
   * @param bytes its text in UTF-8, 0 to 255
   */
  public record Alternative(
      @JsonProperty("token") String token,
      @JsonProperty("logprob") double logprob,
      @JsonProperty("bytes") List<Integer> bytes) {
    public Alternative {
      requireNonNull(token, "token");
      bytes = List.copyOf(requireNonNull(bytes, "bytes"));
    }
  }
}
