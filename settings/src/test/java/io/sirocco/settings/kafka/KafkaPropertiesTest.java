package io.sirocco.settings.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaPropertiesTest {
  private final KafkaProperties rule = KafkaProperties.ofPlainClients(Set.of("group.id"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sasl.jaas.config",
        "ssl.key.password",
        "ssl.keystore.password",
        "ssl.truststore.password",
        "ssl.keystore.key",
        "ssl.keystore.certificate.chain",
        "sasl.oauthbearer.client.credentials.client.secret",
        "basic.auth.user.info",
        "some.plugin.api.key"
      })
  void secretsAreKnownByTypeOrName(String name) {
    assertThat(rule.isSecret(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"security.protocol", "sasl.mechanism", "client.id", "bootstrap.servers"})
  void otherPropertiesAreShown(String name) {
    assertThat(rule.isSecret(name)).isFalse();
    assertThat(rule.allows(name)).isTrue();
  }

  @Test
  void valuesAreHeldAgainstKafkasTypes() {
    assertThat(rule.fault("request.timeout.ms", "30000")).isEmpty();
    assertThat(rule.fault("request.timeout.ms", "soon"))
        .get()
        .asString()
        .startsWith("expected what Kafka takes (int), found: ");
    assertThat(rule.fault("security.protocol", "SSLL")).isPresent();
  }

  @Test
  void propertyOfTheRoleIsRefused() {
    assertThat(rule.fault("group.id", "mine"))
        .contains("expected a property that is left to you, found one that the role sets itself");
  }

  @Test
  void propertyThatNoClientKnowsIsNotAllowed() {
    assertThat(rule.allows("secruity.protocol")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:9092", "a-1.b:9092,c:1", "[::1]:9092", "10.0.0.1:65535"})
  void serversAreHostsWithPorts(String text) {
    assertThat(KafkaSettings.BOOTSTRAP_SERVERS.type().read(text)).contains(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", ":9092", "a:b", "a:1,", "http://a:1", "a:1 b:2"})
  void otherServersAreRefused(String text) {
    assertThat(KafkaSettings.BOOTSTRAP_SERVERS.type().read(text)).isEmpty();
  }
}
