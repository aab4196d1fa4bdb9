package io.sirocco.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * The types of which settings are made.
 *
 * <p>Immutable.
 */
public final class Types {
  private Types() {}

  /** A text that is not blank. */
  public static SettingType<String> text(String expected) {
    return new SettingType<>(expected, text -> Optional.of(text).filter(it -> !it.isBlank()));
  }

  /** A text of a form. */
  public static SettingType<String> matching(String expected, Pattern form) {
    return new SettingType<>(
        expected, text -> Optional.of(text).filter(it -> form.matcher(it).matches()));
  }

  /** A whole number, both ends included. */
  public static SettingType<Integer> integer(int from, int to) {
    return new SettingType<>("a whole number from %d to %d".formatted(from, to), text -> {
      try {
        return Optional.of(Integer.valueOf(text)).filter(it -> it >= from && it <= to);
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    });
  }

  /** {@code true} or {@code false}. */
  public static SettingType<Boolean> bool() {
    return new SettingType<>("true or false", text -> switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    });
  }

  /** A time with its unit, both ends included. */
  public static SettingType<Duration> duration(Duration from, Duration to) {
    String expected = "a time from %s to %s, in ms, s, m, h or d"
        .formatted(TimeFormat.format(from), TimeFormat.format(to));
    return new SettingType<>(
        expected,
        text -> TimeFormat.parse(text)
            .filter(it -> it.compareTo(from) >= 0)
            .filter(it -> it.compareTo(to) <= 0));
  }

  /** One of the constants of an enum, in lower case and with hyphens. */
  public static <E extends Enum<E>> SettingType<E> oneOf(Class<E> constants) {
    E[] all = constants.getEnumConstants();
    String expected =
        Arrays.stream(all).map(Types::constantName).collect(Collectors.joining(" or "));
    return new SettingType<>(
        expected,
        text -> Arrays.stream(all)
            .filter(constant -> constantName(constant).equals(text.toLowerCase(Locale.ROOT)))
            .findFirst());
  }

  private static String constantName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A regular expression of Java. */
  public static SettingType<Pattern> pattern() {
    return new SettingType<>("a regular expression", text -> {
      try {
        return Optional.of(Pattern.compile(text)).filter(it -> !text.isBlank());
      } catch (PatternSyntaxException e) {
        return Optional.empty();
      }
    });
  }

  /** The path of a file or a folder, which need not exist. */
  public static SettingType<Path> path(String expected) {
    return new SettingType<>(expected, text -> {
      try {
        return Optional.of(Path.of(text)).filter(it -> !text.isBlank());
      } catch (InvalidPathException e) {
        return Optional.empty();
      }
    });
  }

  /** Values of one type, separated by commas; none if the text is empty. */
  public static <T> SettingType<List<T>> list(SettingType<T> element, String expected) {
    return new SettingType<>(expected, text -> {
      List<T> values = new ArrayList<>();
      for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
        Optional<T> value = element.read(part.strip());
        if (value.isEmpty()) {
          return Optional.empty();
        }
        values.add(value.get());
      }
      return Optional.of(List.copyOf(values));
    });
  }
}
