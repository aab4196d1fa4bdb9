package io.sirocco.embedded.observe;

import io.sirocco.settings.Setting;
import io.sirocco.settings.SettingGroup;
import io.sirocco.settings.Settings;
import io.sirocco.settings.Types;
import java.util.List;

/**
 * Where a process answers those who operate it.
 *
 * <p>Immutable.
 *
 * @param host the address to listen on
 * @param port the port; 0 for any free one
 */
public record ObservationSettings(String host, int port) {
  /** The address. */
  static final Setting<String> HOST = Setting.withDefault(
      "metrics.host",
      Types.text("an address"),
      "127.0.0.1",
      "The address on which metrics and health are told, to whoever asks; see docs/metrics.md.");

  /** The port. */
  static final Setting<Integer> PORT = Setting.withDefault(
      "metrics.port",
      Types.integer(0, 65_535),
      "0",
      "The port of metrics and health; 0 for any free one.");

  /** The settings, which all roles have. */
  public static final SettingGroup GROUP =
      new SettingGroup("Metrics and health", List.of(HOST, PORT), List.of(), List.of());

  /** Takes what {@link #GROUP} was set to. */
  public static ObservationSettings of(Settings settings) {
    return new ObservationSettings(settings.get(HOST), settings.get(PORT));
  }

  /** Returns those of a process that tells only this machine. */
  public static ObservationSettings local(int port) {
    return new ObservationSettings("127.0.0.1", port);
  }
}
