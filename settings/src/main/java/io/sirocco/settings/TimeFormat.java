package io.sirocco.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a time is written in a setting: a whole number and its unit, {@code 500ms} or {@code 30s}.
 *
 * <p>Immutable.
 */
final class TimeFormat {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})([a-z]{1,2})");

  /** From the greatest to the least. */
  private enum Unit {
    D(Duration.ofDays(1)),
    H(Duration.ofHours(1)),
    M(Duration.ofMinutes(1)),
    S(Duration.ofSeconds(1)),
    MS(Duration.ofMillis(1));

    private final Duration length;

    Unit(Duration length) {
      this.length = length;
    }

    private String sign() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private TimeFormat() {}

  /** Reads a time; empty if {@code text} is none. */
  static Optional<Duration> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Arrays.stream(Unit.values())
            .filter(unit -> unit.sign().equals(form.group(2)))
            .findFirst()
            .map(unit -> unit.length.multipliedBy(Long.parseLong(form.group(1))))
        : Optional.empty();
  }

  /** Writes {@code time} in the greatest unit that leaves no rest; less than 1 ms is lost. */
  static String format(Duration time) {
    if (time.isZero()) {
      return "0" + Unit.S.sign();
    }
    Unit greatest = Arrays.stream(Unit.values())
        .filter(unit -> time.toMillis() % unit.length.toMillis() == 0)
        .findFirst()
        .orElse(Unit.MS);
    return time.toMillis() / greatest.length.toMillis() + greatest.sign();
  }
}
