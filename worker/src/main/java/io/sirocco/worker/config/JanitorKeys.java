package io.sirocco.worker.config;

import io.sirocco.settings.Setting;
import io.sirocco.settings.SettingGroup;
import io.sirocco.settings.Settings;
import io.sirocco.settings.Types;
import io.sirocco.worker.janitor.JanitorSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of the janitor, which runs beside the workers of a process.
 *
 * <p>Immutable.
 */
public final class JanitorKeys {
  private static final JanitorSettings DEFAULTS = JanitorSettings.defaults();
  private static final Duration LONGEST = Duration.ofDays(365);

  /** Whether it runs. */
  public static final Setting<Boolean> ENABLED = Setting.withDefault(
      "janitor.enabled",
      Types.bool(),
      "true",
      "Whether reply topics are deleted that crashed clients left behind. Of all processes where they"
          + " are, one does it at a time; it needs the right to delete them.");

  /** Which topics it may delete. */
  public static final Setting<String> PREFIX = Setting.withDefault(
      "janitor.prefix",
      Types.matching(
          "a text that begins with chat.replies.", Pattern.compile("chat\\.replies\\..*")),
      DEFAULTS.prefix(),
      "What the names of the reply topics begin with that may be deleted; all of them end in a point"
          + " and a number.");

  /** How long nobody has written to them. */
  public static final Setting<Duration> AGE = Setting.withDefault(
      "janitor.age",
      Types.duration(Duration.ofMillis(1), LONGEST),
      "1d",
      "How long nothing was written to a reply topic that is deleted: longer than a request may wait"
          + " for its answer, and an answer for its reader.");

  /** How often it looks. */
  public static final Setting<Duration> INTERVAL = Setting.withDefault(
      "janitor.interval",
      Types.duration(Duration.ZERO, LONGEST),
      "5m",
      "How long the janitor rests between two looks at the reply topics.");

  /** How many at once. */
  public static final Setting<Integer> BATCH = Setting.withDefault(
      "janitor.batch",
      Types.integer(1, 10_000),
      Integer.toString(DEFAULTS.batch()),
      "How many reply topics the brokers are asked about, or told to delete, at once.");

  /** All settings of the janitor. */
  public static final SettingGroup GROUP = new SettingGroup(
      "Janitor", List.of(ENABLED, PREFIX, AGE, INTERVAL, BATCH), List.of(), List.of());

  private JanitorKeys() {}

  /** Returns what {@link #GROUP} was set to; empty when the janitor does not run. */
  public static Optional<JanitorSettings> of(Settings settings) {
    return settings.get(ENABLED)
        ? Optional.of(new JanitorSettings(
            settings.get(PREFIX), settings.get(AGE), settings.get(INTERVAL), settings.get(BATCH)))
        : Optional.empty();
  }
}
