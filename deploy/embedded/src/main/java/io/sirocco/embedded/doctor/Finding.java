package io.sirocco.embedded.doctor;

/**
 * What was found of one thing.
 *
 * <p>Immutable.
 *
 * @param status how well it is
 * @param subject what was looked at
 * @param found how it is
 * @param expected how it should be, and why
 * @param change the command or setting that changes it; empty where nothing is to be done
 */
public record Finding(Status status, String subject, String found, String expected, String change) {

  /** Nothing is to be done. */
  static Finding ok(String subject, String found, String expected) {
    return new Finding(Status.OK, subject, found, expected, "");
  }

  /** It works, and should be changed. */
  static Finding warn(String subject, String found, String expected, String change) {
    return new Finding(Status.WARN, subject, found, expected, change);
  }

  /** It must be changed. */
  static Finding fail(String subject, String found, String expected, String change) {
    return new Finding(Status.FAIL, subject, found, expected, change);
  }

  /** Of {@code status}, where that is decided in one place; what is well needs no change. */
  static Finding of(Status status, String subject, String found, String expected, String change) {
    return new Finding(status, subject, found, expected, status == Status.OK ? "" : change);
  }
}
