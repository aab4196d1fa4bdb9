package io.sirocco.embedded;

import io.sirocco.client.ReplyTopicMode;
import io.sirocco.gateway.settings.GatewaySettings;
import io.sirocco.settings.PassThrough;
import io.sirocco.settings.Setting;
import io.sirocco.settings.SettingGroup;
import io.sirocco.settings.Settings;
import io.sirocco.settings.Types;
import io.sirocco.settings.kafka.KafkaProperties;
import io.sirocco.settings.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The settings of the gateway.
 *
 * <p>Immutable.
 */
final class GatewayKeys {
  /** Where it listens. */
  static final Setting<String> HOST = Setting.withDefault(
      "gateway.host",
      Types.text("an address"),
      "127.0.0.1",
      "The address to listen on; any but this machine's own wants API keys.");

  /** The port. */
  static final Setting<Integer> PORT = Setting.withDefault(
      "gateway.port",
      Types.integer(0, 65_535),
      "8080",
      "The port to listen on; 0 for any free one.");

  /** The keys themselves. */
  static final Setting<String> KEYS = Setting.optional(
          "gateway.keys",
          Types.text("a list of API keys"),
          "none",
          "API keys as JSON: {\"keys\": [{\"sha256\": HEX, \"user\": NAME, \"models\": [...],"
              + " \"max_streams\": N}]}; the last two may be absent. N answers may be read at once, and N"
              + " go on without a reader.")
      .asSecret();

  /** A file with keys. */
  static final Setting<Path> KEY_FILE = Setting.optional(
      "gateway.key-file",
      Types.path("a file"),
      "none",
      "A file with further API keys, in the form of gateway.keys; it is read again when it changes."
          + " While it is gone, or has a mistake, the keys stay as they were: to take all back, write an"
          + " empty list.");

  /** The certificate. */
  static final Setting<Path> TLS_KEY_STORE = Setting.optional(
      "gateway.tls.key-store",
      Types.path("a file"),
      "plain HTTP",
      "A PKCS #12 file with certificate and key: HTTPS.");

  /** The certificate's password. */
  static final Setting<String> TLS_PASSWORD = Setting.optional(
          "gateway.tls.password", Types.text("a password"), "none", "The password of that file.")
      .asSecret();

  /** Where answers are written. */
  static final Setting<ReplyTopicMode> REPLY_TOPICS = Setting.withDefault(
      "gateway.reply-topics",
      Types.oneOf(ReplyTopicMode.class),
      "pool",
      "On which topics answers are written; with single-use and pool, each has one for itself.");

  /** How long answers can be read. */
  static final Setting<Duration> REPLY_RETENTION = Setting.withDefault(
      "gateway.reply-retention",
      Types.duration(Duration.ofMinutes(1), Duration.ofDays(30)),
      "1d",
      "How long brokers keep an answer; it can be read again for at least half of that time, as"
          + " long as it is among the last 200,000, and no longer than chat.streams keeps where it"
          + " is: 1 day, unless that topic was made with another retention.");

  /** The largest body. */
  static final Setting<Integer> MAX_BODY_BYTES = Setting.withDefault(
      "gateway.max-body-bytes",
      Types.integer(1_024, 100_000_000),
      "1000000",
      "The largest body of a request; not above what brokers take for a record.");

  /** The largest header. */
  static final Setting<Integer> MAX_HEADER_BYTES = Setting.withDefault(
      "gateway.max-header-bytes",
      Types.integer(1_024, 1_000_000),
      "16384",
      "The largest header of a request.");

  /** Open answers. */
  static final Setting<Integer> MAX_STREAMS = Setting.withDefault(
      "gateway.max-streams",
      Types.integer(1, 1_000_000),
      "4096",
      "How many answers may be read at once, and as many again go on without a reader; more are"
          + " refused with status 503.");

  /** Connections. */
  static final Setting<Integer> MAX_CONNECTIONS = Setting.withDefault(
      "gateway.max-connections",
      Types.integer(1, 1_000_000),
      "8192",
      "How many connections may be open at once; more wait to be accepted.");

  /** Slow requests. */
  static final Setting<Duration> REQUEST_TIMEOUT = time(
      "gateway.request-timeout",
      "30s",
      "How long the header of a request may take to arrive once the connection is free for it,"
          + " and then its body.");

  /** Slow readers. */
  static final Setting<Duration> SLOW_READER_TIMEOUT = time(
      "gateway.slow-reader-timeout",
      "30s",
      "How long one write may take before its reader is let go; the answer can be read on later.");

  /** Heartbeats. */
  static final Setting<Duration> HEARTBEAT =
      time("gateway.heartbeat", "15s", "After how long without a token a stream gets a comment.");

  /** How it ends. */
  static final Setting<Duration> GRACE = Setting.withDefault(
      "gateway.grace",
      Types.duration(Duration.ZERO, Duration.ofMinutes(10)),
      "5s",
      "How long open answers may go on after SIGTERM; then readers are told to read on elsewhere.");

  /** What the gateway tells its clients itself. */
  private static final Set<String> RESERVED = Set.of("group.id", "auto.offset.reset");

  /** Properties for the gateway's Kafka clients. */
  static final PassThrough KAFKA =
      KafkaSettings.properties(KafkaProperties.ofPlainClients(RESERVED));

  /** The settings of the gateway alone. */
  static final SettingGroup GROUP = new SettingGroup(
      "Gateway",
      List.of(
          HOST,
          PORT,
          KEYS,
          KEY_FILE,
          TLS_KEY_STORE,
          TLS_PASSWORD,
          REPLY_TOPICS,
          REPLY_RETENTION,
          MAX_BODY_BYTES,
          MAX_HEADER_BYTES,
          MAX_STREAMS,
          MAX_CONNECTIONS,
          REQUEST_TIMEOUT,
          SLOW_READER_TIMEOUT,
          HEARTBEAT,
          GRACE),
      List.of(),
      List.of(new ApiKeyCheck(), new KeyListCheck()));

  /** All settings of the role. */
  static final List<SettingGroup> GROUPS = List.of(KafkaSettings.group(KAFKA), GROUP);

  private GatewayKeys() {}

  private static Setting<Duration> time(String name, String text, String description) {
    return Setting.withDefault(
        name, Types.duration(Duration.ofMillis(100), Duration.ofMinutes(10)), text, description);
  }

  static GatewaySettings read(Settings settings) {
    return new GatewaySettings(
        settings.get(KafkaSettings.BOOTSTRAP_SERVERS),
        KafkaSettings.clientProperties(settings, KAFKA),
        settings.get(HOST),
        settings.get(PORT),
        settings.find(KEYS).orElse(null),
        settings.find(KEY_FILE).orElse(null),
        settings.find(TLS_KEY_STORE).orElse(null),
        settings.find(TLS_PASSWORD).orElse(null),
        settings.get(REPLY_TOPICS),
        settings.get(REPLY_RETENTION),
        new GatewaySettings.Limits(
            settings.get(MAX_BODY_BYTES),
            settings.get(MAX_HEADER_BYTES),
            settings.get(MAX_STREAMS),
            settings.get(MAX_CONNECTIONS),
            settings.get(REQUEST_TIMEOUT),
            settings.get(SLOW_READER_TIMEOUT),
            settings.get(HEARTBEAT),
            settings.get(GRACE)));
  }
}
