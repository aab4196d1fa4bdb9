package io.sirocco.settings;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The settings of some groups, by their names.
 *
 * <p>Immutable.
 */
final class Catalog {
  private final Map<String, Setting<?>> settings = new TreeMap<>();
  private final List<PassThrough> passThroughs;

  Catalog(Collection<SettingGroup> groups) {
    groups.stream()
        .flatMap(group -> group.settings().stream())
        .forEach(setting -> settings.put(setting.name(), setting));
    passThroughs =
        groups.stream().flatMap(group -> group.passThroughs().stream()).toList();
  }

  Collection<Setting<?>> settings() {
    return settings.values();
  }

  Optional<Setting<?>> setting(String name) {
    return Optional.ofNullable(settings.get(name));
  }

  Optional<PassThrough> passThrough(String name) {
    return passThroughs.stream().filter(properties -> properties.covers(name)).findFirst();
  }

  /** Whether {@code name} is a setting, or a property that its receiver knows or takes. */
  boolean knows(String name) {
    return settings.containsKey(name)
        || passThrough(name)
            .filter(properties -> properties.rule().allows(properties.stripped(name)))
            .isPresent();
  }

  /** Returns the name that somebody meant who wrote {@code name}. */
  Optional<String> suggest(String name) {
    return NearestName.of(name, names().toList());
  }

  /** Returns the environment variable that somebody meant who wrote {@code variable}. */
  Optional<String> suggestVariable(String variable) {
    return NearestName.of(variable, names().map(EnvironmentNames::variable).toList());
  }

  /** Returns the setting or the property that an environment variable means. */
  Optional<String> ofVariable(String variable) {
    return settings.keySet().stream()
        .filter(name -> EnvironmentNames.variable(name).equals(variable))
        .findFirst()
        .or(() -> Optional.of(EnvironmentNames.property(variable)).filter(this::knows));
  }

  private Stream<String> names() {
    return Stream.concat(
        settings.keySet().stream(),
        passThroughs.stream()
            .flatMap(properties ->
                properties.rule().knownNames().stream().map(name -> properties.prefix() + name)));
  }
}
