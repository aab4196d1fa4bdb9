package io.sirocco.gateway.http;

import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.gateway.auth.Caller;

/** Answers requests of one kind. Called on many threads at once, which it may block for a moment. */
@FunctionalInterface
interface Route {
  /**
   * Answers, now or later.
   *
   * @param body the body; empty where there is none
   * @throws InvalidRequestException when the request is at fault
   */
  void answer(Exchange exchange, Caller caller, byte[] body) throws InvalidRequestException;
}
