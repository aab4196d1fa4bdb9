package io.sirocco.contracts.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What an answer used, in tokens.
 *
 * <p>Immutable.
 *
 * @param promptTokens tokens of the rendered conversation
 * @param completionTokens tokens generated, an end-of-sequence token included
 * @param totalTokens the sum of both
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Usage(
    @JsonProperty("prompt_tokens") int promptTokens,
    @JsonProperty("completion_tokens") int completionTokens,
    @JsonProperty("total_tokens") int totalTokens) {

  /** Returns the usage of that many tokens. */
  public static Usage of(int promptTokens, int completionTokens) {
    return new Usage(promptTokens, completionTokens, promptTokens + completionTokens);
  }
}
