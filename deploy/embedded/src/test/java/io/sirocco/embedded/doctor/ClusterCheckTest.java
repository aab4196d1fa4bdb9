package io.sirocco.embedded.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.embedded.doctor.ClusterState.LogFolder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;

/** What no single embedded broker can be: several, old ones, and such that let nobody look. */
class ClusterCheckTest {
  private static final Map<String, Short> NEW =
      Map.of("metadata.version", (short) 30, "group.version", (short) 1);

  @Test
  void topicWithAsManyInSyncAsReplicasIsAWarning() {
    assertThat(new ReplicaCheck().of(cluster(3, topic(3, 3, 3))))
        .singleElement()
        .matches(finding ->
            finding.status() == Status.WARN && finding.change().endsWith("min.insync.replicas=2"));
  }

  @Test
  void topicThatWantsMoreInSyncThanItHasFails() {
    assertThat(new ReplicaCheck().of(cluster(3, topic(3, 1, 2))))
        .singleElement()
        .matches(finding -> finding.status() == Status.FAIL);
  }

  @Test
  void topicWithOneCopyOnThreeBrokersIsAWarning() {
    assertThat(new ReplicaCheck().of(cluster(3, topic(1, 1, 1))))
        .singleElement()
        .matches(finding -> finding.subject().equals("chat.usage replicas"));
  }

  @Test
  void threeCopiesOfWhichTwoTakeARecordAreWell() {
    assertThat(new ReplicaCheck().of(cluster(3, topic(3, 3, 2))))
        .singleElement()
        .matches(finding -> finding.status() == Status.OK);
  }

  @Test
  void transactionLogThatWantsMoreCopiesThanThereAreBrokersFails() {
    ClusterState cluster =
        cluster(1, NEW, Map.of("transaction.state.log.replication.factor", "3"), topic(1, 1, 1));

    assertThat(new ReplicaCheck().of(cluster))
        .anyMatch(finding -> finding.status() == Status.FAIL
            && finding.subject().equals("transaction.state.log.replication.factor"));
  }

  @Test
  void brokersBeforeTheConsumerProtocolFailAndTheOtherProtocolIsNamed() {
    ClusterState old =
        cluster(3, Map.of("metadata.version", (short) 7), Map.of("any", "1"), topic(3, 3, 2));

    assertThat(new BrokerCheck().of(old))
        .filteredOn(finding -> finding.status() == Status.FAIL)
        .hasSize(2)
        .allMatch(finding -> finding.change().contains("worker.group-protocol=classic"));
  }

  @Test
  void settingsThatOneMayNotSeeAreAWarningWithTheRightThatIsMissing() {
    assertThat(new BrokerCheck().of(cluster(3, NEW, Map.of(), topic(3, 3, 2))))
        .filteredOn(finding -> finding.subject().equals("settings of brokers"))
        .singleElement()
        .matches(finding -> finding.change().contains("--operation DescribeConfigs --cluster"));
  }

  @Test
  void rightThatARoleLacksFailsWithTheCommandThatGivesIt() {
    assertThat(new RightsCheck(CheckedRole.STREAMS).of(cluster(3, topic(3, 3, 2))))
        .singleElement()
        .matches(finding -> finding.status() == Status.FAIL
            && finding.found().equals("DESCRIBE")
            && finding.change().contains("--operation Create --operation Read --topic chat.usage"));
  }

  @Test
  void diskThatIsAlmostFullFails() {
    LogFolder full = new LogFolder("broker 1 /data", 100, 4, "");
    LogFolder half = new LogFolder("broker 2 /data", 100, 50, "");
    LogFolder broken = new LogFolder("broker 3 /data", 100, 50, "I/O error");

    ClusterState cluster = new ClusterState(
        "kafka:9092", 3, NEW, List.of(), new TreeMap<>(), Map.of(), List.of(full, half, broken));

    assertThat(new LogFolderCheck().of(cluster))
        .extracting(Finding::status)
        .containsExactly(Status.FAIL, Status.OK, Status.FAIL);
  }

  private static TopicState topic(int replicas, int inSync, int least) {
    return new TopicState(
        "chat.usage",
        4,
        replicas,
        inSync,
        0,
        Map.of("min.insync.replicas", Integer.toString(least)),
        Set.of(AclOperation.DESCRIBE));
  }

  private static ClusterState cluster(int brokers, TopicState topic) {
    return cluster(brokers, NEW, Map.of(), topic);
  }

  private static ClusterState cluster(
      int brokers, Map<String, Short> features, Map<String, String> settings, TopicState topic) {
    return new ClusterState(
        "kafka:9092",
        brokers,
        features,
        settings.isEmpty() ? List.of() : List.of(settings),
        new TreeMap<>(Map.of(topic.name(), topic)),
        Map.of(),
        List.of());
  }
}
