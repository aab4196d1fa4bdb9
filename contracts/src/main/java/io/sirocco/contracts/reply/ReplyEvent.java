package io.sirocco.contracts.reply;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a record of a reply log is.
 *
 * <p>Immutable.
 */
public enum ReplyEvent {
  /** A writer takes the request up; it has an attempt and no sequence. */
  START,
  /** A piece of the answer. */
  DELTA,
  /** The answer is complete; the record carries its usage. */
  END,
  /** The request failed; the record says why. */
  ERROR,
  /** A writer gives the request up in good order, so that its attempt does not count as a crash. */
  RELEASE,
  /** News for a reader that waits: a {@link WaitEstimate}. */
  PROGRESS;

  /** The name as it stands in the header. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the event has a place in the answer's sequence. */
  public boolean isSequenced() {
    return this == DELTA || isTerminal();
  }

  /** Whether the event ends the answer. */
  public boolean isTerminal() {
    return this == END || this == ERROR;
  }

  /** Returns the event of that header value, or null for one that this version does not know. */
  static @Nullable ReplyEvent ofWireName(String wireName) {
    for (ReplyEvent event : values()) {
      if (event.wireName().equals(wireName)) {
        return event;
      }
    }
    return null;
  }
}
