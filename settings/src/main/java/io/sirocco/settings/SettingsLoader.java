package io.sirocco.settings;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Loads the settings of a role from all sources, and finds all mistakes at once.
 *
 * <p>One file may serve several roles: what another role knows is no mistake, and not looked at.
 *
 * <p>Immutable.
 */
public final class SettingsLoader {
  private final Catalog known;
  private final Set<String> otherVariables;

  /**
   * Makes a loader.
   *
   * @param known the groups of all roles
   * @param otherVariables environment variables with our prefix that are no settings
   */
  public SettingsLoader(List<SettingGroup> known, Set<String> otherVariables) {
    this.known = new Catalog(known);
    this.otherVariables = Set.copyOf(otherVariables);
  }

  /**
   * Loads the settings of {@code groups}.
   *
   * @throws InvalidSettingsException with all mistakes
   * @throws IOException when the file cannot be read
   */
  public Settings load(SettingSources sources, List<SettingGroup> groups)
      throws InvalidSettingsException, IOException {
    List<Mistake> mistakes = new ArrayList<>();
    Layers layers = new Layers(sources, fromEnvironment(sources.environment(), mistakes));
    Settings settings = new Reading(layers, known, new Catalog(groups), mistakes).read();
    groups.stream()
        .flatMap(group -> group.checks().stream())
        .forEach(check -> mistakes.addAll(check.check(settings)));
    if (!mistakes.isEmpty()) {
      throw new InvalidSettingsException(mistakes);
    }
    return settings;
  }

  private Map<String, String> fromEnvironment(
      Map<String, String> environment, List<Mistake> mistakes) {
    Map<String, String> settings = new HashMap<>();
    environment.forEach((variable, value) -> {
      if (!variable.startsWith(EnvironmentNames.PREFIX) || otherVariables.contains(variable)) {
        return;
      }
      Optional<String> name = known.ofVariable(variable);
      name.ifPresent(it -> settings.put(it, value));
      if (name.isEmpty()) {
        mistakes.add(new Mistake(
            variable,
            "environment variable",
            Reading.unknown("variable", known.suggestVariable(variable))));
      }
    });
    return settings;
  }
}
