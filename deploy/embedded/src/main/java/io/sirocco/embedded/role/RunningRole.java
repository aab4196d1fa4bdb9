package io.sirocco.embedded.role;

import java.time.Duration;

/**
 * A role that runs.
 *
 * <p>Confined to the main thread.
 */
public interface RunningRole {
  /** Finishes what is in progress, as far as its grace goes, and ends in good order. */
  void drain();

  /** Ends without finishing anything, in as good an order as a fault leaves. */
  void abort();

  /** The longest that {@link #drain()} may take; whatever hangs then is ended with the process. */
  Duration drainLimit();
}
