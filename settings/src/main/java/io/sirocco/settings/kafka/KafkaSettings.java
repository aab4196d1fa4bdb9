package io.sirocco.settings.kafka;

import io.sirocco.settings.PassThrough;
import io.sirocco.settings.Setting;
import io.sirocco.settings.SettingGroup;
import io.sirocco.settings.Settings;
import io.sirocco.settings.Types;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The settings by which a role reaches its brokers.
 *
 * <p>Immutable.
 */
public final class KafkaSettings {
  private static final String SERVER = "(\\[[0-9a-fA-F:.]+]|[^\\s,:/\\[\\]]+):[0-9]{1,5}";

  /** The brokers. */
  public static final Setting<String> BOOTSTRAP_SERVERS = Setting.required(
      "kafka.bootstrap.servers",
      Types.matching(
          "HOST:PORT, or several separated by commas",
          Pattern.compile(SERVER + "(," + SERVER + ")*")),
      "The brokers to connect to first.");

  /** How long a start waits for them. */
  public static final Setting<Duration> START_TIMEOUT = Setting.withDefault(
      "start-timeout",
      Types.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
      "30s",
      "How long a start waits for a broker to answer before it gives up with exit code 1.");

  /** Properties of classes that are plugged into the clients. */
  public static final PassThrough PLUGIN_PROPERTIES = new PassThrough(
      "kafka-plugin.",
      new PluginProperties(),
      "Properties for classes that are plugged into the clients, such as interceptors and login"
          + " callbacks, without a check.");

  private KafkaSettings() {}

  /** The properties of a role's clients. */
  public static PassThrough properties(KafkaProperties rule) {
    return new PassThrough(
        "kafka.",
        rule,
        "Properties of Kafka's clients, for all clients of the role: `kafka.security.protocol`,"
            + " `kafka.sasl.jaas.config`, `kafka.ssl.truststore.location`. Each must be known to a"
            + " client, of the right type, and not among those that the role sets itself, such as"
            + " `kafka.group.id`.");
  }

  /** The group of a role whose clients take {@code properties}. */
  public static SettingGroup group(PassThrough properties) {
    return new SettingGroup(
        "All roles",
        List.of(BOOTSTRAP_SERVERS, START_TIMEOUT),
        List.of(properties, PLUGIN_PROPERTIES),
        List.of());
  }

  /** Everything that each client of the role is told, the brokers included. */
  public static Map<String, String> clientProperties(Settings settings, PassThrough properties) {
    Map<String, String> all = new HashMap<>(settings.properties(PLUGIN_PROPERTIES));
    all.putAll(settings.properties(properties));
    all.put("bootstrap.servers", settings.get(BOOTSTRAP_SERVERS));
    return all;
  }
}
