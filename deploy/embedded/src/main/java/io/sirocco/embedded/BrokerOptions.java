package io.sirocco.embedded;

import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options that say where a running system is.
 *
 * <p>Confined to the main thread.
 */
final class BrokerOptions {
  /** How long an exchange with the brokers may take. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  @Option(
      names = "--bootstrap-server",
      required = true,
      paramLabel = "HOST:PORT",
      description = "A broker of the running system.")
  private String bootstrapServer = "";

  @Mixin
  private final CommandConfig config = new CommandConfig();

  /** What Kafka's clients need to connect. */
  Map<String, String> clientProperties() {
    return config.clientProperties(bootstrapServer);
  }

  /** Where the broker is, as {@code host:port}. */
  String bootstrapServer() {
    return bootstrapServer;
  }
}
