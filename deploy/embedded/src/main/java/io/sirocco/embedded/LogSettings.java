package io.sirocco.embedded;

import io.sirocco.embedded.role.LogFormat;
import io.sirocco.settings.Setting;
import io.sirocco.settings.SettingGroup;
import io.sirocco.settings.Types;
import java.util.List;

/**
 * How roles log.
 *
 * <p>Immutable.
 */
final class LogSettings {
  /** The form of a line. */
  static final Setting<LogFormat> FORMAT = Setting.withDefault(
      "log.format",
      Types.oneOf(LogFormat.class),
      "plain",
      "The form in which a role logs on standard error: plain, for people, or json, one object a line.");

  /** The settings, which all roles have. */
  static final SettingGroup GROUP = new SettingGroup("Logs", List.of(FORMAT), List.of(), List.of());

  private LogSettings() {}
}
