package io.sirocco.embedded;

import io.sirocco.client.RawReply;

/**
 * Shows an answer while it is generated.
 *
 * <p>Implementations are confined to the main thread.
 */
interface AnswerPrinter {
  /** Shows the next record of the answer. */
  void print(RawReply reply);

  /** Ends what was shown, when no more is to come. */
  void end();
}
