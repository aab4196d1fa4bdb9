package io.sirocco.gateway.http;

import io.sirocco.gateway.refusal.Refusal;

/**
 * An answer that somebody waits for.
 *
 * <p>Implementations are thread-safe.
 */
interface OpenAnswer {
  /** Whether it is read as it is generated. */
  boolean isStream();

  /** Does what is due at {@code nowNanos}: tells the reader that all is well, or lets it go. */
  void tick(long nowNanos);

  /** Ends the response; the answer goes on, and can be read elsewhere. */
  void end(Refusal why);
}
