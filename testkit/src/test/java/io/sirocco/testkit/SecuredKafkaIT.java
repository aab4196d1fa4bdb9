package io.sirocco.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a secured broker lets in, and what it lets them do. */
class SecuredKafkaIT {
  private static final String ANN = "ann";

  @ParameterizedTest
  @ValueSource(strings = {"SCRAM-SHA-256", "SCRAM-SHA-512"})
  void whoHasAPasswordAndARightMayDoWhatTheRightSays(String mechanism, @TempDir Path folder)
      throws Exception {
    try (SecuredKafka kafka = SecuredKafka.start(mechanism, Set.of(ANN), folder);
        TestTopics topics = new TestTopics(kafka)) {
      Map<String, String> ann = kafka.clientProperties(ANN);
      assertThatThrownBy(() -> create(ann, "hers-1"))
          .hasCauseInstanceOf(TopicAuthorizationException.class);
      kafka.allow(List.of(new AclBinding(
          new ResourcePattern(ResourceType.TOPIC, "hers-", PatternType.PREFIXED),
          new AccessControlEntry(
              "User:" + ANN, "*", AclOperation.CREATE, AclPermissionType.ALLOW))));

      create(ann, "hers-1");

      assertThatThrownBy(() -> create(ann, "his-1"))
          .hasCauseInstanceOf(TopicAuthorizationException.class);
      assertThat(topics.names()).containsExactly("hers-1");
    }
  }

  @Test
  void nobodyComesInWithoutThePasswordTheCertificateOrTls(@TempDir Path folder) throws Exception {
    try (SecuredKafka kafka = SecuredKafka.start("SCRAM-SHA-512", Set.of(ANN), folder)) {
      Map<String, String> ann = kafka.clientProperties(ANN);
      String login = ann.getOrDefault("sasl.jaas.config", "");
      Map<String, String> trusting = with(ann, "ssl.truststore.type", "JKS");
      trusting.remove("ssl.truststore.location");

      assertThatThrownBy(() -> create(
              with(ann, "sasl.jaas.config", login.replace("password=\"", "password=\"x")), "any"))
          .hasCauseInstanceOf(SaslAuthenticationException.class);
      assertThatThrownBy(() -> create(trusting, "any"))
          .hasCauseInstanceOf(SslAuthenticationException.class);
      assertThatThrownBy(() -> create(with(ann, "security.protocol", "PLAINTEXT"), "any"))
          .hasCauseInstanceOf(TimeoutException.class);
    }
  }

  private static Map<String, String> with(Map<String, String> client, String name, String value) {
    Map<String, String> properties = new HashMap<>(client);
    properties.put(name, value);
    return properties;
  }

  private static void create(Map<String, String> client, String topic) throws Exception {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put("request.timeout.ms", 2_000);
    properties.put("default.api.timeout.ms", 3_000);
    try (Admin admin = Admin.create(properties)) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
  }
}
