package io.sirocco.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link EmbeddedKafka} is started with.
 *
 * <p>Immutable.
 *
 * @param dataFolder where the broker keeps its records, made if it does not exist; null for a
 *     temporary folder that is removed when the broker is closed
 * @param port the port that clients connect to, on 127.0.0.1; 0 for any free one
 * @param properties broker properties that add to {@link SingleNodeProperties} and win over them
 * @param security what is demanded of clients; null: nothing
 */
public record EmbeddedKafkaSettings(
    @Nullable Path dataFolder,
    int port,
    Map<String, String> properties,
    @Nullable BrokerSecurity security) {

  public EmbeddedKafkaSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("expected a port from 0 to 65535, found " + port);
    }
    properties = Map.copyOf(properties);
  }

  /** A temporary folder, any free port, no further properties, open to everybody on this machine. */
  public static EmbeddedKafkaSettings defaults() {
    return new EmbeddedKafkaSettings(null, 0, Map.of(), null);
  }

  /** The same settings with records kept in {@code folder}. */
  public EmbeddedKafkaSettings withDataFolder(Path folder) {
    return new EmbeddedKafkaSettings(folder, port, properties, security);
  }

  /** The same settings with another port. */
  public EmbeddedKafkaSettings withPort(int otherPort) {
    return new EmbeddedKafkaSettings(dataFolder, otherPort, properties, security);
  }

  /** The same settings with one more broker property. */
  public EmbeddedKafkaSettings withProperty(String name, String value) {
    Map<String, String> more = new HashMap<>(properties);
    more.put(name, value);
    return new EmbeddedKafkaSettings(dataFolder, port, more, security);
  }

  /** The same settings for clients that say who they are. */
  public EmbeddedKafkaSettings withSecurity(BrokerSecurity demanded) {
    return new EmbeddedKafkaSettings(dataFolder, port, properties, demanded);
  }
}
