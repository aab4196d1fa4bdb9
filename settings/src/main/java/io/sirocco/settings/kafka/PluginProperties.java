package io.sirocco.settings.kafka;

import io.sirocco.settings.PropertyRule;
import java.util.Optional;
import java.util.Set;

/**
 * Properties of classes that are plugged into Kafka's clients: nobody knows their names.
 *
 * <p>Immutable.
 */
final class PluginProperties implements PropertyRule {
  @Override
  public Set<String> knownNames() {
    return Set.of();
  }

  @Override
  public boolean allows(String name) {
    return true;
  }

  @Override
  public boolean isSecret(String name) {
    return KafkaProperties.isSecretName(name);
  }

  @Override
  public Optional<String> fault(String name, String value) {
    return Optional.empty();
  }
}
