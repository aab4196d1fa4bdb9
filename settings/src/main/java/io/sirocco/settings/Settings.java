package io.sirocco.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was set, or holds by default.
 *
 * <p>Immutable.
 */
public final class Settings {
  static final String DEFAULT_ORIGIN = "default";
  private static final String MASK = "***";

  /**
   * A setting or a property with its value.
   *
   * @param text the value
   * @param secret whether it is never shown
   * @param origin where it was set
   */
  record Entry(String text, boolean secret, String origin) {}

  private final Map<String, Entry> entries;

  Settings(Map<String, Entry> entries) {
    this.entries = new TreeMap<>(entries);
  }

  /** The value of a setting that has one in any case: it is required, or has a default. */
  public <T> T get(Setting<T> setting) {
    return find(setting)
        .orElseThrow(() -> new IllegalArgumentException(
            "expected a setting with a value, found " + setting.name()));
  }

  /** The value of a setting that may be left open. */
  public <T> Optional<T> find(Setting<T> setting) {
    return Optional.ofNullable(entries.get(setting.name()))
        .flatMap(entry -> setting.type().read(entry.text()));
  }

  /** The properties that were set, without their prefix. */
  public Map<String, String> properties(PassThrough properties) {
    Map<String, String> stripped = new HashMap<>();
    entries.forEach((name, entry) -> {
      if (properties.covers(name)) {
        stripped.put(properties.stripped(name), entry.text());
      }
    });
    return stripped;
  }

  /** A mistake in a setting that has a value. */
  public Mistake mistake(Setting<?> setting, String problem) {
    Entry entry = entries.get(setting.name());
    return new Mistake(setting.name(), entry == null ? DEFAULT_ORIGIN : entry.origin(), problem);
  }

  /** A line for each setting that has a value, in order of names, with secrets masked. */
  public List<String> lines() {
    return entries.entrySet().stream()
        .map(entry -> "%s=%s (%s)"
            .formatted(
                entry.getKey(),
                entry.getValue().secret() ? MASK : entry.getValue().text(),
                entry.getValue().origin()))
        .toList();
  }
}
