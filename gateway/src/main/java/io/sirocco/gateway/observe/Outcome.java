package io.sirocco.gateway.observe;

import java.util.Locale;

/**
 * What became of a request for an answer, as far as its reader is concerned.
 *
 * <p>Immutable.
 */
public enum Outcome {
  /** The reader has all of it. */
  COMPLETE,
  /** The reader was told an error instead of it, or in its middle. */
  ERROR,
  /** The reader was told that it is not there yet. */
  PENDING,
  /** The reader went away. */
  LEFT,
  /** The reader was let go of, as it did not read. */
  SLOW,
  /** The gateway ended, and told the reader to read on elsewhere. */
  CLOSING;

  /** The name in labels. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
