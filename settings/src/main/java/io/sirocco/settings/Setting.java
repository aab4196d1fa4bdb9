package io.sirocco.settings;

import java.util.regex.Pattern;

/**
 * Something that can be set: its name, what it may be, and what it is for.
 *
 * <p>Immutable.
 *
 * @param name lower case, in dots and hyphens: {@code worker.inbox-capacity}
 * @param type what the values look like
 * @param presence what holds when nobody sets it
 * @param description one sentence
 * @param secret whether the value is never shown
 */
public record Setting<T>(
    String name, SettingType<T> type, Presence presence, String description, boolean secret) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*([.-][a-z0-9]+)*");

  public Setting {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("expected a name such as 'a.b-c', found '" + name + "'");
    }
    if (presence instanceof Presence.Defaulted fallback
        && type.read(fallback.text()).isEmpty()) {
      throw new IllegalArgumentException("expected the default of '%s' to be %s, found '%s'"
          .formatted(name, type.expected(), fallback.text()));
    }
  }

  /** A setting that must be set. */
  public static <T> Setting<T> required(String name, SettingType<T> type, String description) {
    return new Setting<>(name, type, new Presence.Required(), description, false);
  }

  /** A setting with a value of its own, in the form in which it could be set. */
  public static <T> Setting<T> withDefault(
      String name, SettingType<T> type, String text, String description) {
    return new Setting<>(name, type, new Presence.Defaulted(text), description, false);
  }

  /** A setting that may be left open; {@code meaning} says what happens then. */
  public static <T> Setting<T> optional(
      String name, SettingType<T> type, String meaning, String description) {
    return new Setting<>(name, type, new Presence.Open(meaning), description, false);
  }

  /** The same setting, with a value that is never shown. */
  public Setting<T> asSecret() {
    return new Setting<>(name, type, presence, description, true);
  }
}
