package io.sirocco.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One reading of the layers: takes what is right, and notes what is wrong.
 *
 * <p>Confined to the thread that loads.
 */
final class Reading {
  private static final int LONGEST_SHOWN = 80;
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}]*}?");

  private final Layers layers;
  private final Catalog known;
  private final Catalog used;
  private final List<Mistake> mistakes;
  private final Map<String, Settings.Entry> entries = new HashMap<>();

  /**
   * Makes a reading.
   *
   * @param known all settings there are
   * @param used those of the role
   * @param mistakes takes what is wrong
   */
  Reading(Layers layers, Catalog known, Catalog used, List<Mistake> mistakes) {
    this.layers = layers;
    this.known = known;
    this.used = used;
    this.mistakes = mistakes;
  }

  Settings read() {
    layers.names().forEach(this::take);
    used.settings().stream()
        .filter(setting -> !layers.names().contains(setting.name()))
        .forEach(this::takeDefault);
    return new Settings(entries);
  }

  private void take(String name) {
    Optional<Setting<?>> setting = used.setting(name);
    Optional<PassThrough> properties = used.passThrough(name);
    if (setting.isPresent()) {
      takeSetting(setting.get(), layers.given(name));
    } else if (known.setting(name).isPresent()) {
      return; // Another role's.
    } else if (properties.isPresent()) {
      takeProperty(name, properties.get(), layers.given(name));
    } else if (!known.knows(name)) {
      mistakes.add(
          new Mistake(name, layers.given(name).origin(), unknown("setting", known.suggest(name))));
    }
  }

  private void takeSetting(Setting<?> setting, Given given) {
    String text = resolve(setting.name(), given);
    if (text == null) {
      return;
    }
    if (setting.type().read(text).isEmpty()) {
      String found = setting.secret() ? "another" : "'" + shown(text) + "'";
      mistakes.add(new Mistake(
          setting.name(),
          given.origin(),
          "expected %s, found %s".formatted(setting.type().expected(), found)));
      return;
    }
    entries.put(setting.name(), new Settings.Entry(text, setting.secret(), given.origin()));
  }

  private void takeProperty(String name, PassThrough properties, Given given) {
    String stripped = properties.stripped(name);
    if (!properties.rule().allows(stripped)) {
      mistakes.add(new Mistake(name, given.origin(), unknown("setting", used.suggest(name))));
      return;
    }
    String text = resolve(name, given);
    if (text == null) {
      return;
    }
    Optional<String> fault = properties.rule().fault(stripped, text);
    fault.ifPresent(problem -> mistakes.add(new Mistake(name, given.origin(), problem)));
    if (fault.isEmpty()) {
      boolean secret = properties.rule().isSecret(stripped);
      entries.put(name, new Settings.Entry(text, secret, given.origin()));
    }
  }

  private @Nullable String resolve(String name, Given given) {
    if (given.text() == null) {
      mistakes.add(new Mistake(
          name,
          given.origin(),
          "expected %s to refer to an environment variable or a setting, found none"
              .formatted(references(given.raw()))));
    }
    return given.text();
  }

  private void takeDefault(Setting<?> setting) {
    if (setting.presence() instanceof Presence.Defaulted fallback) {
      entries.put(
          setting.name(),
          new Settings.Entry(fallback.text(), setting.secret(), Settings.DEFAULT_ORIGIN));
    } else if (setting.presence() instanceof Presence.Required) {
      mistakes.add(new Mistake(
          setting.name(), "not set", "expected " + setting.type().expected() + ", found nothing"));
    }
  }

  static String unknown(String what, Optional<String> suggestion) {
    return "expected a known %s, found none of this name%s"
        .formatted(what, suggestion.map(name -> "; did you mean " + name + "?").orElse(""));
  }

  /** Only the references: what stands around them may be secret. */
  private static String references(String raw) {
    return REFERENCE
        .matcher(raw)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.joining(" and "));
  }

  private static String shown(String text) {
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
  }
}
