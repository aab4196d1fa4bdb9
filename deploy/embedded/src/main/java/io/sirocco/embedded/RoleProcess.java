package io.sirocco.embedded;

import io.sirocco.embedded.observe.Observation;
import io.sirocco.embedded.observe.ObservationSettings;
import io.sirocco.embedded.observe.ObservedRole;
import io.sirocco.embedded.observe.TracingSettings;
import io.sirocco.embedded.role.JvmSignals;
import io.sirocco.embedded.role.Role;
import io.sirocco.embedded.role.RoleLog;
import io.sirocco.embedded.role.RoleRunner;
import io.sirocco.settings.Settings;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all roles have in common as processes: their log, their metrics and health, and the signals that
 * end them.
 *
 * <p>Confined to the main thread.
 */
final class RoleProcess {
  private static final Logger log = LoggerFactory.getLogger(RoleProcess.class);

  private RoleProcess() {}

  /**
   * Runs a role to its end.
   *
   * @param name of the role
   * @param settings its own, and those of {@link RoleSettings#COMMON}
   * @param role makes it, given where it puts what it measures
   * @return the exit code of the process
   * @throws Exception what the start failed with
   */
  static int run(String name, Settings settings, Function<Observation, Role> role)
      throws Exception {
    RoleLog.start(settings.get(LogSettings.FORMAT));
    log.info("settings:\n  {}", String.join("\n  ", settings.lines()));
    try (Observation observation = Observation.open(
        name,
        ProductVersion.product(),
        ObservationSettings.of(settings),
        TracingSettings.of(settings))) {
      log.info("metrics={}", observation.address());
      return new RoleRunner(new JvmSignals(), Runtime.getRuntime()::halt)
          .run(new ObservedRole(role.apply(observation), observation.health()));
    }
  }
}
