package io.sirocco.worker.closing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import io.sirocco.worker.offsets.CommitMetadata;
import io.sirocco.worker.offsets.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Owners of a partition one after the other; the time limits are far below those of transactions. */
@OnEmbeddedKafka
class PartitionCloserIT {
  private static final Duration AT_ONCE = Duration.ofSeconds(30);

  private String bootstrapServers;
  private TopicPartition partition;
  private String usage;
  private KafkaConsumer<String, byte[]> member;
  private ConsumerGroupMetadata group;

  @BeforeEach
  void join(KafkaBroker broker, TestInfo test) {
    bootstrapServers = broker.bootstrapServers();
    String name = test.getTestMethod().orElseThrow().getName();
    partition = new TopicPartition("requests-" + name, 0);
    usage = "usage-" + name;
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(partition.topic(), 1);
      topics.create(usage, 1);
    }
    member = consumer(name);
    member.subscribe(List.of(partition.topic()));
    Awaitility.await().atMost(AT_ONCE).until(() -> {
      member.poll(Duration.ofMillis(50));
      return !member.assignment().isEmpty();
    });
    group = member.groupMetadata();
  }

  @AfterEach
  void leave() {
    member.close();
  }

  @Test
  void theHeirIsNotHeldUpByTheTransactionThatADeadOwnerLeftOpen() {
    ClosingProducer dead = producer();
    dead.init();
    dead.begin();
    var sent = dead.send(event("of the dead"));
    dead.offsets(new OffsetAndMetadata(7), group);
    assertThat(sent.toCompletableFuture()).succeedsWithin(AT_ONCE);

    PartitionCloser heir = closer(() -> {});
    assertThat(heir.begin()).succeedsWithin(AT_ONCE).isEqualTo(CloseOutcome.DONE);

    assertThat(member.committed(Set.of(partition), AT_ONCE).get(partition)).isNull();
    assertThat(close(heir, Progress.at(7), "of the heir")).isEqualTo(CloseOutcome.DONE);
    assertThat(committedEvents(1)).containsExactly("of the heir");
    heir.end();
    dead.close();
  }

  @Test
  void aZombieInTheMiddleOfItsTransactionClosesNothing() {
    PartitionCloser heir = closer(() -> {});
    PartitionCloser zombie = closer(() -> heir.begin().join());
    assertThat(zombie.begin()).succeedsWithin(AT_ONCE);

    assertThat(close(zombie, Progress.at(7), "of the zombie")).isEqualTo(CloseOutcome.OVER);
    assertThat(close(heir, Progress.at(7), "of the heir")).isEqualTo(CloseOutcome.DONE);

    assertThat(committedEvents(1)).containsExactly("of the heir");
    heir.end();
  }

  @Test
  void aZombieBetweenTransactionsClosesNothing() {
    PartitionCloser zombie = closer(() -> {});
    assertThat(zombie.begin()).succeedsWithin(AT_ONCE);
    assertThat(close(zombie, Progress.at(1), "before")).isEqualTo(CloseOutcome.DONE);
    PartitionCloser heir = closer(() -> {});
    assertThat(heir.begin()).succeedsWithin(AT_ONCE);

    assertThat(close(zombie, Progress.at(2), "of the zombie")).isEqualTo(CloseOutcome.OVER);
    assertThat(close(heir, Progress.at(2), "of the heir")).isEqualTo(CloseOutcome.DONE);

    assertThat(committedEvents(2)).containsExactly("before", "of the heir");
    heir.end();
  }

  @Test
  void whatIsDoneAboveTheOffsetComesBackAsItWasCommitted() {
    PartitionCloser closer = closer(() -> {});
    assertThat(closer.begin()).succeedsWithin(AT_ONCE);
    Progress progress = new Progress(new TreeSet<>(Set.of(40L, 43L)), 50);
    close(closer, progress, "one");

    OffsetAndMetadata committed =
        Objects.requireNonNull(member.committed(Set.of(partition), AT_ONCE).get(partition));

    assertThat(CommitMetadata.read(committed.offset(), committed.metadata())).hasValue(progress);
    closer.end();
  }

  @Test
  void aMemberThatTheGroupDoesNotKnowIsRefused() {
    PartitionCloser closer = closer(() -> {});
    assertThat(closer.begin()).succeedsWithin(AT_ONCE);
    member.unsubscribe();

    assertThat(close(closer, Progress.at(7), "refused")).isEqualTo(CloseOutcome.REFUSED);

    closer.end();
  }

  private PartitionCloser closer(Runnable beforeCommit) {
    return new PartitionCloser(partition, this::producer, Runnable::run, beforeCommit);
  }

  private CloseOutcome close(PartitionCloser closer, Progress progress, String event) {
    ClosingBatch batch =
        new ClosingBatch(List.of(new Closing(event(event), null)), progress, group);
    return closer.close(batch).join();
  }

  private ProducerRecord<String, byte[]> event(String text) {
    return new ProducerRecord<>(usage, text.getBytes(UTF_8));
  }

  private ClosingProducer producer() {
    return new KafkaClosingProducer(
        partition,
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "transactional.id",
                partition.toString(),
                "retry.backoff.ms",
                "5",
                "transaction.timeout.ms",
                "60000"),
            new StringSerializer(),
            new ByteArraySerializer()));
  }

  private List<String> committedEvents(int count) {
    TopicPartition events = new TopicPartition(usage, 0);
    List<String> found = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> reader = consumer("reader")) {
      reader.assign(List.of(events));
      reader.seekToBeginning(List.of(events));
      Awaitility.await().atMost(AT_ONCE).until(() -> {
        for (ConsumerRecord<String, byte[]> event : reader.poll(Duration.ofMillis(100))) {
          found.add(new String(event.value(), UTF_8));
        }
        return found.size() >= count;
      });
    }
    return found;
  }

  private KafkaConsumer<String, byte[]> consumer(String name) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "group.id",
            name,
            "group.protocol",
            "consumer",
            "isolation.level",
            "read_committed",
            "enable.auto.commit",
            "false"),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }
}
