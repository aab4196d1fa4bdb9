package io.sirocco.gateway.settings;

import static java.util.Objects.requireNonNull;

import io.sirocco.client.ReplyTopicMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a gateway listens, who may ask, and how much it bears.
 *
 * <p>Immutable.
 *
 * @param bootstrapServers Kafka's own list of {@code host:port}
 * @param kafkaProperties further properties of its Kafka clients
 * @param host the address to listen on
 * @param port the port, or 0 for any free one
 * @param keys the API keys as JSON; null for none
 * @param keyFile a file with API keys; null for none
 * @param tlsKeyStore a PKCS #12 file with certificate and key; null for plain HTTP
 * @param tlsPassword its password
 * @param replyTopics on which topics answers are written
 * @param replyRetention how long answers can be read again
 * @param limits how much it bears
 */
public record GatewaySettings(
    String bootstrapServers,
    Map<String, String> kafkaProperties,
    String host,
    int port,
    @Nullable String keys,
    @Nullable Path keyFile,
    @Nullable Path tlsKeyStore,
    @Nullable String tlsPassword,
    ReplyTopicMode replyTopics,
    Duration replyRetention,
    Limits limits) {
  private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  /**
   * How much a gateway bears.
   *
   * <p>Immutable.
   *
   * @param bodyBytes the largest body of a request
   * @param headerBytes the largest header of a request
   * @param streams how many answers may be read at once, and as many again go on without a reader
   * @param connections how many connections may be open at once
   * @param requestTime how long the header of a request may take to arrive, and then its body
   * @param slowReader how long one write may take before its reader is let go
   * @param heartbeat after how long without a token a reader is told that the answer is still open
   * @param grace how long open answers may go on when the gateway is closed
   */
  public record Limits(
      int bodyBytes,
      int headerBytes,
      int streams,
      int connections,
      Duration requestTime,
      Duration slowReader,
      Duration heartbeat,
      Duration grace) {
    /** What holds unless something else is said. */
    public static final Limits DEFAULT = new Limits(
        1_000_000,
        16_384,
        4_096,
        8_192,
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofSeconds(15),
        Duration.ofSeconds(5));
  }

  public GatewaySettings {
    requireNonNull(host, "host");
    kafkaProperties = Map.copyOf(kafkaProperties);
    if (keys == null && keyFile == null && !isThisMachine(host)) {
      throw new IllegalArgumentException(
          "expected API keys where others can listen, found none for the address " + host);
    }
  }

  /** This machine alone, without keys. */
  public static GatewaySettings local(String bootstrapServers, int port) {
    return new GatewaySettings(
        bootstrapServers,
        Map.of(),
        "127.0.0.1",
        port,
        null,
        null,
        null,
        null,
        ReplyTopicMode.POOL,
        Duration.ofHours(1),
        Limits.DEFAULT);
  }

  /** Returns these settings with these keys, a {@link io.sirocco.gateway.auth.KeyList} as JSON. */
  public GatewaySettings withKeys(String otherKeys) {
    return new GatewaySettings(
        bootstrapServers,
        kafkaProperties,
        host,
        port,
        otherKeys,
        keyFile,
        tlsKeyStore,
        tlsPassword,
        replyTopics,
        replyRetention,
        limits);
  }

  /** Returns these settings with answers on other topics. */
  public GatewaySettings withReplyTopics(ReplyTopicMode otherTopics) {
    return new GatewaySettings(
        bootstrapServers,
        kafkaProperties,
        host,
        port,
        keys,
        keyFile,
        tlsKeyStore,
        tlsPassword,
        otherTopics,
        replyRetention,
        limits);
  }

  /** Returns these settings with other limits. */
  public GatewaySettings withLimits(Limits otherLimits) {
    return new GatewaySettings(
        bootstrapServers,
        kafkaProperties,
        host,
        port,
        keys,
        keyFile,
        tlsKeyStore,
        tlsPassword,
        replyTopics,
        replyRetention,
        otherLimits);
  }

  /** Whether callers need a key. */
  public boolean needsKeys() {
    return keys != null || keyFile != null;
  }

  /** Whether nobody but this machine can ask at an address. */
  public static boolean isThisMachine(String host) {
    return LOCAL_NAMES.contains(host);
  }

  /** Says neither keys nor passwords. */
  @Override
  public String toString() {
    return "GatewaySettings[bootstrapServers=%s, host=%s, port=%d, keyFile=%s, tlsKeyStore=%s]"
        .formatted(bootstrapServers, host, port, keyFile, tlsKeyStore);
  }
}
