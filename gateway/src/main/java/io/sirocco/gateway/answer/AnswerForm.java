package io.sirocco.gateway.answer;

import io.sirocco.contracts.chat.ChatCompletion;

/**
 * How one provider's clients read answers.
 *
 * <p>Implementations are immutable.
 */
public interface AnswerForm {
  /** The media type of an answer that is read as it is generated. */
  String streamType();

  /** Returns what writes one answer for one reader. */
  AnswerWriter writer();

  /** Returns the whole answer as JSON. */
  byte[] whole(ChatCompletion completion);
}
