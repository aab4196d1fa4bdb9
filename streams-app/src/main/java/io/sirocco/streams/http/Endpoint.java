package io.sirocco.streams.http;

import io.sirocco.contracts.error.InvalidRequestException;
import org.eclipse.jetty.server.Request;

/** Answers one kind of question. Called on many threads at once. */
@FunctionalInterface
interface Endpoint {
  /**
   * Returns the answer; an {@link io.sirocco.streams.query.UsageUnavailableException} becomes a 503.
   *
   * @throws InvalidRequestException when the question is at fault
   */
  Content answer(Request request) throws InvalidRequestException;
}
