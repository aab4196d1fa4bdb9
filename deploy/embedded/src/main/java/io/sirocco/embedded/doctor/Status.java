package io.sirocco.embedded.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * How well something is.
 *
 * <p>Immutable.
 */
public enum Status {
  /** As it should be. */
  OK,
  /** It works, and somebody will be sorry for it. */
  WARN,
  /** It does not work, or loses something. */
  FAIL;

  /** As it is printed. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
