package io.sirocco.embedded;

import io.sirocco.settings.PassThrough;
import io.sirocco.settings.Setting;
import io.sirocco.settings.SettingGroup;
import io.sirocco.settings.Types;
import io.sirocco.settings.kafka.KafkaProperties;
import io.sirocco.settings.kafka.KafkaSettings;
import io.sirocco.streams.GroupProtocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The settings of the usage application.
 *
 * <p>Immutable.
 */
final class StreamsKeys {
  /** The consumer group. */
  static final Setting<String> APPLICATION_ID = Setting.withDefault(
      "streams.application-id",
      Types.text("a name"),
      "sirocco-usage",
      "The consumer group, and the prefix of internal topics.");

  /** Where stores are kept. */
  static final Setting<Path> STATE_FOLDER = Setting.optional(
      "streams.state-folder",
      Types.path("a folder"),
      "a temporary folder",
      "Where stores are kept across restarts; without it they are built again at each start.");

  /** Work at once. */
  static final Setting<Integer> THREADS = Setting.withDefault(
      "streams.threads",
      Types.integer(1, 256),
      "1",
      "How many partitions of usage are worked on at once.");

  /** Copies of the stores in other instances. */
  static final Setting<Integer> STANDBY_REPLICAS = Setting.withDefault(
      "streams.standby-replicas",
      Types.integer(0, 16),
      "0",
      "How many other instances keep a copy of each store, so that one that takes over need not read it from the brokers first; with the group protocol 'streams' the brokers decide instead.");

  /** Freshness. */
  static final Setting<Duration> COMMIT_INTERVAL = Setting.withDefault(
      "streams.commit-interval",
      Types.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
      "200ms",
      "The time between commits: totals are about twice as old.");

  /** How instances share the work. */
  static final Setting<GroupProtocol> GROUP_PROTOCOL = Setting.withDefault(
      "streams.group-protocol",
      Types.oneOf(GroupProtocol.class),
      "classic",
      "How instances share the work; 'streams' needs brokers of version 4.2 or later.");

  /** Where it listens. */
  static final Setting<String> HTTP_HOST = Setting.withDefault(
      "streams.http.host",
      Types.text("an address"),
      "127.0.0.1",
      "The address on which questions about usage are answered; any but this machine's own wants a token.");

  /** The port. */
  static final Setting<Integer> HTTP_PORT = Setting.withDefault(
      "streams.http.port",
      Types.integer(0, 65_535),
      "0",
      "The port of the questions and the dashboard; 0 for any free one.");

  /** What callers must send. */
  static final Setting<String> HTTP_TOKEN = Setting.optional(
          "streams.http.token",
          Types.text("a token"),
          "none",
          "What a caller must send as bearer token; all instances share it.")
      .asSecret();

  /** Where other instances reach this one. */
  static final Setting<String> HTTP_ADVERTISED = Setting.optional(
      "streams.http.advertised",
      Types.matching("a host and a port", Pattern.compile(".+:[0-9]{1,5}")),
      "where it listens",
      "Where other instances reach this one.");

  /** What the application tells its clients itself. */
  private static final Set<String> RESERVED = Set.of(
      "application.id",
      "group.id",
      "group.protocol",
      "processing.guarantee",
      "commit.interval.ms",
      "num.stream.threads",
      "state.dir",
      "auto.offset.reset",
      "isolation.level");

  /** Properties for the application's Kafka clients. */
  static final PassThrough KAFKA =
      KafkaSettings.properties(KafkaProperties.ofPlainClients(RESERVED));

  /** The settings of the application alone. */
  static final SettingGroup GROUP = new SettingGroup(
      "Usage application",
      List.of(
          APPLICATION_ID,
          STATE_FOLDER,
          THREADS,
          STANDBY_REPLICAS,
          COMMIT_INTERVAL,
          GROUP_PROTOCOL,
          HTTP_HOST,
          HTTP_PORT,
          HTTP_TOKEN,
          HTTP_ADVERTISED),
      List.of(),
      List.of(new TokenCheck()));

  /** All settings of the role. */
  static final List<SettingGroup> GROUPS = List.of(KafkaSettings.group(KAFKA), GROUP);

  private StreamsKeys() {}
}
