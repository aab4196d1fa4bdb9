package io.sirocco.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

@OnEmbeddedKafka
class GroupCheckIT {
  @Test
  void theSessionIsThatOfTheBrokers(KafkaBroker broker) throws Exception {
    try (Admin admin = admin(broker)) {
      GroupCheck check = new GroupCheck(admin, "unset");
      GroupSession session = check.session(GroupProtocol.CONSUMER);

      assertThat(session.timeout()).isEqualTo(Duration.ofSeconds(10));
      assertThat(check.warning(session)).isEmpty();
    }
  }

  @Test
  void aGroupThatWaitsForLongIsWarnedOf(KafkaBroker broker) throws Exception {
    try (Admin admin = admin(broker)) {
      ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "slow");
      AlterConfigOp slower = new AlterConfigOp(
          new ConfigEntry("consumer.session.timeout.ms", "15000"), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(group, List.of(slower))).all().get();
      GroupCheck check = new GroupCheck(admin, "slow");
      GroupSession session = check.session(GroupProtocol.CONSUMER);

      assertThat(session.timeout()).isEqualTo(Duration.ofSeconds(15));
      assertThat(check.warning(session))
          .hasValueSatisfying(warning -> assertThat(warning)
              .contains("for 15 s", "consumer.session.timeout.ms", "of group slow"));
    }
  }

  @Test
  void theClassicSessionIsTheWorkersOwn(KafkaBroker broker) throws Exception {
    try (Admin admin = admin(broker)) {
      GroupSession session = new GroupCheck(admin, "any").session(GroupProtocol.CLASSIC);

      assertThat(session.timeout()).isEqualTo(GroupCheck.CLASSIC_SESSION);
    }
  }

  private static Admin admin(KafkaBroker broker) {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }
}
