package io.sirocco.worker.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.worker.intake.GroupProtocol;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.junit.jupiter.api.Test;

/** The fake does what was measured of real brokers. */
class SimBrokerTest {
  private static final String TOPIC = "requests";
  private static final TopicPartition ONE = new TopicPartition(TOPIC, 0);
  private static final TopicPartition OTHER = new TopicPartition(TOPIC, 1);
  private static final long TIMEOUT = 100;

  private final SimBroker broker = broker(GroupProtocol.CONSUMER);
  private final SimGroup group = broker.group();
  private final SimTransactions transactions = broker.transactions();

  @Test
  void aMarkerTakesAnOffsetThatNoReaderSees() {
    commit("id", "a");
    broker.append(record("b"), null);

    assertThat(offsets()).containsExactly(0L, 2L);
  }

  @Test
  void readersOfCommittedRecordsStopAtAnOpenTransaction() {
    open(transactions.init("id"), "a");
    broker.append(record("b"), null);
    assertThat(offsets()).isEmpty();

    transactions.init("id");

    assertThat(offsets()).containsExactly(1L);
  }

  @Test
  void whoeverIsInitialisedLaterAbortsAndShutsOut() {
    SimTransactions.Session zombie = transactions.init("id");
    open(zombie, "a");
    transactions.init("id");

    assertThatThrownBy(() -> transactions.end(zombie, 0, true))
        .isInstanceOf(InvalidProducerEpochException.class);
    assertThatThrownBy(() -> transactions.open(zombie, 0, 0))
        .isInstanceOf(InvalidProducerEpochException.class);
    assertThat(offsets()).isEmpty();
  }

  @Test
  void aCommitThatIsRepeatedSaysTheSame() {
    SimTransactions.Session session = transactions.init("id");
    open(session, "a");
    transactions.end(session, 0, true);
    transactions.end(session, 0, true);

    assertThat(offsets()).containsExactly(0L);
  }

  @Test
  void whatArrivesAfterTheEndOfItsTransactionIsRefused() {
    SimTransactions.Session session = transactions.init("id");
    open(session, "a");
    transactions.end(session, 0, false);

    assertThatThrownBy(() -> transactions.open(session, 0, 0))
        .isInstanceOf(InvalidProducerEpochException.class);
  }

  @Test
  void aTransactionThatIsOpenForTooLongIsAbortedAndItsProducerShutOut() {
    SimTransactions.Session session = transactions.init("id");
    open(session, "a");
    transactions.expire(TIMEOUT + 1);

    assertThatThrownBy(() -> transactions.end(session, 0, true))
        .isInstanceOf(InvalidProducerEpochException.class);
  }

  @Test
  void offsetsInAnOpenTransactionAreNotStable() {
    beat("a", group.join("a", 0), Set.of());
    SimTransactions.Session session = transactions.init("id");
    broker.commitIn(transactions.open(session, 0, 0), member("a", 1), offset());
    assertThat(broker.offsets().isStable(ONE)).isFalse();
    assertThat(broker.offsets().committed(ONE)).isNull();

    transactions.end(session, 0, true);

    assertThat(broker.offsets().isStable(ONE)).isTrue();
    assertThat(broker.offsets().committed(ONE)).isEqualTo(new OffsetAndMetadata(7));
  }

  @Test
  void aPartitionMovesWhenItsRevocationIsAcknowledged() {
    SimGroup.Told all = beat("a", group.join("a", 0), Set.of());
    SimGroup.Told none = beat("b", group.join("b", 0), Set.of());
    assertThat(all.partitions()).containsExactly(ONE, OTHER);
    assertThat(none.partitions()).isEmpty();

    SimGroup.Told less = beat("a", all.epoch(), Set.of(ONE, OTHER));
    assertThat(less.partitions()).containsExactly(ONE);
    assertThat(beat("b", none.epoch(), Set.of()).partitions()).isEmpty();

    beat("a", less.epoch(), Set.of(ONE));
    assertThat(beat("b", none.epoch(), Set.of()).partitions()).containsExactly(OTHER);
  }

  @Test
  void aMemberThatIsNotHeardOfLosesEverything() {
    SimGroup.Told all = beat("a", group.join("a", 0), Set.of());
    int epoch = group.join("b", TIMEOUT + 1);

    assertThat(heartbeat("b", epoch, Set.of(), TIMEOUT + 1).partitions())
        .containsExactly(ONE, OTHER);
    assertThat(group.heartbeat("a", all.epoch(), Set.of(ONE, OTHER), TIMEOUT + 1))
        .isNull();
  }

  @Test
  void anOldNameStillCommitsForAPartitionThatIsKept() {
    int epoch = handOver();

    broker.commit(member("a", epoch), offset());

    assertThat(broker.offsets().committed(ONE)).isEqualTo(new OffsetAndMetadata(7));
  }

  @Test
  void anOldNameDoesNotCommitForAPartitionThatIsLost() {
    int epoch = handOver();

    assertThatThrownBy(
            () -> broker.commit(member("a", epoch), Map.of(OTHER, new OffsetAndMetadata(7))))
        .isInstanceOf(CommitFailedException.class);
  }

  @Test
  void aNewNameCommitsEvenForAPartitionOfSomebodyElse() {
    handOver();
    int fresh = beat("a", 2, Set.of(ONE)).epoch();

    broker.commit(member("a", fresh), Map.of(OTHER, new OffsetAndMetadata(7)));

    assertThat(broker.offsets().committed(OTHER)).isEqualTo(new OffsetAndMetadata(7));
  }

  @Test
  void inTheClassicProtocolNobodysOldNameCommits() {
    SimBroker classic = broker(GroupProtocol.CLASSIC);
    int epoch = classic.group().join("a", 0);
    classic.group().heartbeat("a", epoch, Set.of(), 0);
    classic.group().join("b", 0);

    assertThatThrownBy(() -> classic.commit(member("a", epoch), offset()))
        .isInstanceOf(CommitFailedException.class);

    int renewed = Objects.requireNonNull(
            classic.group().heartbeat("a", epoch, Set.of(ONE, OTHER), 0))
        .epoch();
    classic.commit(member("a", renewed), offset());
    assertThat(classic.offsets().committed(ONE)).isEqualTo(new OffsetAndMetadata(7));
  }

  private static SimBroker broker(GroupProtocol protocol) {
    return new SimBroker(new Simulation(0), TOPIC, 2, TIMEOUT, TIMEOUT, protocol);
  }

  /** Member a had both partitions in the epoch that is returned, and keeps one of them. */
  private int handOver() {
    SimGroup.Told all = beat("a", group.join("a", 0), Set.of());
    int other = group.join("b", 0);
    beat("a", all.epoch(), Set.of(ONE, OTHER));
    beat("a", all.epoch(), Set.of(ONE));
    beat("b", other, Set.of());
    return all.epoch();
  }

  private SimGroup.Told beat(String name, int epoch, Set<TopicPartition> kept) {
    return heartbeat(name, epoch, kept, 0);
  }

  private SimGroup.Told heartbeat(
      String name, int epoch, Set<TopicPartition> kept, long nowMillis) {
    return Objects.requireNonNull(group.heartbeat(name, epoch, kept, nowMillis));
  }

  private static ConsumerGroupMetadata member(String name, int epoch) {
    return SimMembership.metadata("group", epoch, name);
  }

  private static Map<TopicPartition, OffsetAndMetadata> offset() {
    return Map.of(ONE, new OffsetAndMetadata(7));
  }

  private void commit(String id, String key) {
    SimTransactions.Session session = transactions.init(id);
    open(session, key);
    transactions.end(session, 0, true);
  }

  private void open(SimTransactions.Session session, String key) {
    broker.append(record(key), transactions.open(session, 0, 0));
  }

  private static ProducerRecord<String, byte[]> record(String key) {
    return new ProducerRecord<>(TOPIC, 0, key, new byte[0]);
  }

  private List<Long> offsets() {
    return broker.log(ONE).committedFrom(0).stream().map(SimLog.Entry::offset).toList();
  }
}
