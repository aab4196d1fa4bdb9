package io.sirocco.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What clients can do with the embedded broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddedKafkaIT {
  private final EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.defaults());
  private final Clients clients = new Clients(kafka.bootstrapServers());

  @BeforeAll
  void listensOnTheLoopbackInterfaceOnly() {
    assertThat(kafka.bootstrapServers()).startsWith("127.0.0.1:").doesNotEndWith(":0");
  }

  @AfterAll
  void close() {
    kafka.close();
  }

  @Test
  void recordsAreReadAsTheyWereSent() throws Exception {
    clients.createTopic("round-trip", 1);
    clients.send("round-trip", "one", "two", "three");

    assertThat(clients.read("round-trip", 3, "read_uncommitted"))
        .containsExactly("one", "two", "three");
  }

  @Test
  void abortedTransactionIsNotReadByReadCommitted() throws Exception {
    clients.createTopic("transactions", 1);
    try (Producer<String, String> producer =
        clients.producer(Map.of("transactional.id", "transactions"))) {
      producer.initTransactions();
      inTransaction(producer, "aborted", Producer::abortTransaction);
      inTransaction(producer, "committed", Producer::commitTransaction);
    }

    assertThat(clients.read("transactions", 1, "read_committed")).containsExactly("committed");
    assertThat(clients.read("transactions", 2, "read_uncommitted"))
        .containsExactly("aborted", "committed");
  }

  private interface Ending {
    void of(Producer<String, String> producer);
  }

  private static void inTransaction(Producer<String, String> producer, String value, Ending ending)
      throws Exception {
    producer.beginTransaction();
    producer.send(new ProducerRecord<>("transactions", 0, "key", value)).get(60, TimeUnit.SECONDS);
    ending.of(producer);
  }

  @Test
  void memberOfAConsumerProtocolGroupGoesOnWhereTheLastOneCommitted() throws Exception {
    clients.createTopic("group", 1);
    clients.send("group", "first");
    assertThat(readInGroup(1)).containsExactly("first");

    clients.send("group", "second");
    assertThat(readInGroup(1)).containsExactly("second");
  }

  private List<String> readInGroup(int count) {
    try (Consumer<String, String> member = clients.consumer(Map.of(
        "group.id", "group",
        "group.protocol", "consumer",
        "enable.auto.commit", false,
        "auto.offset.reset", "earliest"))) {
      member.subscribe(List.of("group"));
      List<String> values = Clients.poll(member, count);
      member.commitSync(Duration.ofSeconds(60));
      return values;
    }
  }

  @Test
  void topicIsNotMadeByUsingIt() throws Exception {
    try (Producer<String, String> producer = clients.producer(Map.of("max.block.ms", 500))) {
      assertThat(producer.send(new ProducerRecord<>("never-made", "value")))
          .failsWithin(Duration.ofSeconds(60));
    }
    clients.createTopic("never-made", 1);
    assertThat(catchCause(() -> clients.createTopic("never-made", 1)))
        .isInstanceOf(TopicExistsException.class);
  }

  private interface Action {
    void run() throws Exception;
  }

  private static Throwable catchCause(Action action) {
    try {
      action.run();
    } catch (Exception e) {
      return e.getCause() == null ? e : e.getCause();
    }
    throw new AssertionError("expected an exception, found none");
  }
}
