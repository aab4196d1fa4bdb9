package io.sirocco.settings.kafka;

import io.sirocco.settings.PropertyRule;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The properties of Kafka's clients that a role leaves to its user: known to one of the clients, of
 * the right type, and not among those that the role sets itself.
 *
 * <p>Immutable.
 */
public final class KafkaProperties implements PropertyRule {
  /** Generous: a value that is masked without need does no harm. */
  private static final Pattern SECRET = Pattern.compile(
      "password|passphrase|secret|token|jaas|credential|private|api\\.key|user\\.info");

  private final Map<String, ConfigDef.ConfigKey> keys = new TreeMap<>();
  private final Set<String> reserved;

  /**
   * Makes the rule.
   *
   * @param clients what each of the role's clients knows
   * @param reserved what the role sets itself
   */
  public KafkaProperties(Collection<ConfigDef> clients, Set<String> reserved) {
    clients.forEach(client -> client.configKeys().forEach(keys::putIfAbsent));
    this.reserved = Set.copyOf(reserved);
  }

  /** The rule of a role with plain clients: admin, consumers and producers. */
  public static KafkaProperties ofPlainClients(Set<String> reserved) {
    return new KafkaProperties(
        List.of(
            AdminClientConfig.configDef(), ConsumerConfig.configDef(), ProducerConfig.configDef()),
        reserved);
  }

  @Override
  public Set<String> knownNames() {
    return keys.keySet();
  }

  @Override
  public boolean allows(String name) {
    return keys.containsKey(name);
  }

  @Override
  public boolean isSecret(String name) {
    ConfigDef.ConfigKey key = keys.get(name);
    return isSecretName(name) || (key != null && key.type == ConfigDef.Type.PASSWORD);
  }

  /** Whether a property of which nothing but the {@code name} is known looks like a secret. */
  static boolean isSecretName(String name) {
    return SECRET.matcher(name).find();
  }

  @Override
  public Optional<String> fault(String name, String value) {
    if (reserved.contains(name)) {
      return Optional.of(
          "expected a property that is left to you, found one that the role sets itself");
    }
    ConfigDef.ConfigKey key = keys.get(name);
    if (key == null) {
      return Optional.empty();
    }
    try {
      Object parsed = ConfigDef.parseType(name, value, key.type);
      if (key.validator != null) {
        key.validator.ensureValid(name, parsed);
      }
      return Optional.empty();
    } catch (ConfigException e) {
      String expected =
          "expected what Kafka takes (%s)".formatted(key.type.name().toLowerCase(Locale.ROOT));
      return Optional.of(
          isSecret(name) ? expected + ", found another" : expected + ", found: " + e.getMessage());
    }
  }
}
