package io.sirocco.embedded;

import io.sirocco.embedded.observe.ObservationSettings;
import io.sirocco.embedded.observe.TracingSettings;
import io.sirocco.settings.SettingGroup;
import io.sirocco.settings.SettingsLoader;
import io.sirocco.worker.config.WorkerKeys;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The settings of all roles. A new role has a line in {@link #GROUPS}.
 *
 * <p>Immutable.
 */
final class RoleSettings {
  /** What each role has besides its own. */
  static final List<SettingGroup> COMMON =
      List.of(ObservationSettings.GROUP, LogSettings.GROUP, TracingSettings.GROUP);

  /** What all roles know, so that one file and one environment can serve several of them. */
  static final List<SettingGroup> GROUPS = Stream.of(
          WorkerKeys.GROUPS, List.of(StreamsKeys.GROUP, GatewayKeys.GROUP), COMMON)
      .flatMap(List::stream)
      .toList();

  /** The launcher's variables: no settings, but of our prefix. */
  private static final Set<String> LAUNCHER_VARIABLES = Set.of("SIROCCO_JAVA_OPTS");

  private RoleSettings() {}

  static SettingsLoader loader() {
    return new SettingsLoader(GROUPS, LAUNCHER_VARIABLES);
  }
}
