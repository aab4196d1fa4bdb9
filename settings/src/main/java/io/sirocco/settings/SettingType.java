package io.sirocco.settings;

import java.util.Optional;
import java.util.function.Function;

/**
 * What the values of a setting look like.
 *
 * <p>Immutable.
 *
 * @param expected what is expected, as it is said in a message and in the documentation: {@code a
 *     whole number from 1 to 64}
 * @param parse makes a value of its text; empty if the text is none
 */
public record SettingType<T>(String expected, Function<String, Optional<T>> parse) {

  /** Makes a value of {@code text}; empty if the text is none. */
  public Optional<T> read(String text) {
    return parse.apply(text);
  }
}
