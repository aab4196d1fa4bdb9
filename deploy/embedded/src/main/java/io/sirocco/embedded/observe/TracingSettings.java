package io.sirocco.embedded.observe;

import io.sirocco.settings.Setting;
import io.sirocco.settings.SettingGroup;
import io.sirocco.settings.Settings;
import io.sirocco.settings.Types;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where traces go, and how many.
 *
 * <p>Immutable.
 *
 * @param endpoint where traces are sent; empty: nothing is traced
 * @param percent how many of a hundred requests are traced that bring no trace context
 */
public record TracingSettings(Optional<String> endpoint, int percent) {
  /** The receiver. */
  static final Setting<String> ENDPOINT = Setting.optional(
      "tracing.otlp.endpoint",
      Types.matching("the URL of a receiver", Pattern.compile("https?://\\S+")),
      "nothing is traced",
      "Where a worker sends traces by OTLP over HTTP, such as http://localhost:4318/v1/traces.");

  /** The share. */
  static final Setting<Integer> PERCENT = Setting.withDefault(
      "tracing.percent",
      Types.integer(0, 100),
      "100",
      "How many of a hundred requests are traced that bring no traceparent; one that does is traced as"
          + " it says.");

  /** Of a process that traces nothing. */
  public static final TracingSettings OFF = new TracingSettings(Optional.empty(), 0);

  /** The settings, which all roles have. */
  public static final SettingGroup GROUP =
      new SettingGroup("Traces", List.of(ENDPOINT, PERCENT), List.of(), List.of());

  /** Takes what {@link #GROUP} was set to. */
  public static TracingSettings of(Settings settings) {
    return new TracingSettings(settings.find(ENDPOINT), settings.get(PERCENT));
  }
}
