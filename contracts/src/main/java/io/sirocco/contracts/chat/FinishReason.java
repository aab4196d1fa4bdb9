package io.sirocco.contracts.chat;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Why a choice ended, as OpenAI names it.
 *
 * <p>Immutable.
 */
public enum FinishReason {
  /** The model ended the answer, or a stop text was met. */
  @JsonProperty("stop")
  STOP,
  /** The most tokens asked for, or the context, were used up. */
  @JsonProperty("length")
  LENGTH
}
