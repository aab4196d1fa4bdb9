package io.sirocco.embedded.load;

import io.sirocco.contracts.chat.ChatRequest;

/**
 * Whom the load is put on.
 *
 * <p>Implementations are thread-safe.
 */
public sealed interface Target extends AutoCloseable permits KafkaTarget, HttpTarget {
  /** Asks, and reads the answer to its end or to its failure; an interrupt ends it. */
  void ask(ChatRequest request, Reading reading);

  @Override
  void close();
}
