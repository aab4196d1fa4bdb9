package io.sirocco.gateway.form;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.gateway.answer.AnswerForm;

/**
 * What a caller wants.
 *
 * <p>Immutable.
 *
 * @param request what the worker is asked
 * @param background whether the caller wants the id alone, and reads the answer later
 * @param answer how the answer is wanted
 */
public record Asked(ChatRequest request, boolean background, AnswerForm answer) {
  /** Whether the answer is wanted as it is generated. */
  public boolean stream() {
    return Boolean.TRUE.equals(request.stream());
  }
}
