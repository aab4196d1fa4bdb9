package io.sirocco.client;

import io.sirocco.contracts.chat.ChatRequest;
import java.util.concurrent.TimeoutException;

/**
 * Decides on which topic a request is to wait.
 *
 * <p>Implementations are thread-safe.
 */
@FunctionalInterface
interface RequestRouter {
  /**
   * A request and its way.
   *
   * @param topic the topic to write it to
   * @param request what to write there
   */
  record Route(String topic, ChatRequest request) {}

  /**
   * Returns the way of {@code request}.
   *
   * @throws ChatFailedException when no model is meant that is known
   * @throws TimeoutException when it cannot be found out in time; the message says why
   */
  Route route(ChatRequest request, String requestId) throws TimeoutException, InterruptedException;
}
