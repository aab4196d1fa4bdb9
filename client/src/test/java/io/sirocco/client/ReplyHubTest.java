package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sirocco.contracts.json.JsonCodec;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Drives the hub's rounds one by one over Kafka's own in-memory consumer. */
@Timeout(60)
class ReplyHubTest {
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  private final ReplyHub hub = new ReplyHub(() -> consumer, "hub");

  private static ReplyAddress address(int number) {
    return ReplyAddress.singleUse("chat.replies.test." + number);
  }

  private OpenAnswer open(ReplyAddress address, String requestId) {
    OpenAnswer answer = new OpenAnswer(requestId, new JsonCodec());
    hub.open(address, answer);
    return answer;
  }

  /** The first round applies the change and is cut short by its wake-up. */
  private void stepAfterChange() {
    hub.step();
    hub.step();
  }

  private void add(List<ReplyAddress> addresses) {
    CompletableFuture<Void> done = hub.add(addresses);
    stepAfterChange();
    assertThat(done).isCompleted();
  }

  private void arrive(ReplyAddress address, long offset, WireReply reply) {
    consumer.addRecord(reply.at(address.topic(), offset));
  }

  @Test
  void addedPlacesAreReadFromTheirOffset() {
    ReplyAddress pooled = new ReplyAddress(new TopicPartition("chat.replies.pool", 0), 41);
    CompletableFuture<Void> done = hub.add(List.of(pooled, address(1)));
    assertThat(done).isNotDone();

    stepAfterChange();

    assertThat(done).isCompleted();
    assertThat(consumer.position(pooled.partition())).isEqualTo(41);
    assertThat(consumer.position(address(1).partition())).isZero();
  }

  @Test
  void recordsGoToTheAnswerOfTheirTopicAlone() {
    add(List.of(address(1), address(2)));
    OpenAnswer first = open(address(1), "one");
    OpenAnswer second = open(address(2), "two");

    arrive(address(2), 0, WireReply.start("two", "w", 1));
    arrive(address(1), 0, WireReply.start("one", "w", 1));
    arrive(address(1), 1, WireReply.delta("one", "w", 1, 0, "a"));
    hub.step();

    assertThat(first.log().at(1)).isNotNull();
    assertThat(second.log().at(0)).isNotNull();
    assertThat(second.log().at(1)).isNull();
  }

  @Test
  void everyReaderOfASharedPartitionHasItsOwnAnswerAlone() {
    add(List.of(address(1)));
    OpenAnswer first = open(address(1), "one");
    OpenAnswer second = open(address(1), "two");
    OpenAnswer again = open(address(1), "two");

    arrive(address(1), 0, WireReply.start("one", "w", 1));
    arrive(address(1), 1, WireReply.start("two", "w", 1));
    arrive(address(1), 2, WireReply.delta("one", "w", 1, 0, "a"));
    hub.step();

    assertThat(first.log().at(1)).isNotNull();
    assertThat(second.log().at(0)).isNotNull();
    assertThat(second.log().at(1)).isNull();
    assertThat(again.log().at(0)).isNotNull();
  }

  @Test
  void readerWhoComesLateTakesThePartitionBackAndNobodyReadsTwice() {
    add(List.of(address(1)));
    OpenAnswer early = open(address(1), "one");
    arrive(address(1), 0, WireReply.start("one", "w", 1));
    arrive(address(1), 1, WireReply.delta("one", "w", 1, 0, "a"));
    hub.step();

    OpenAnswer late = open(address(1), "one");
    add(List.of(address(1)));
    arrive(address(1), 0, WireReply.start("one", "w", 1));
    arrive(address(1), 1, WireReply.delta("one", "w", 1, 0, "a"));
    arrive(address(1), 2, WireReply.delta("one", "w", 1, 1, "b"));
    hub.step();

    assertThat(late.log().at(2)).isNotNull();
    assertThat(early.log().at(2)).isNotNull();
    assertThat(early.log().at(3)).isNull();
  }

  @Test
  void partitionIsReadUntilItsLastReaderHasLeft() {
    add(List.of(address(1)));
    add(List.of(address(1)));

    CompletableFuture<Void> first = hub.remove(List.of(address(1)));
    stepAfterChange();
    assertThat(first).isCompleted();
    assertThat(consumer.assignment()).containsExactly(address(1).partition());

    CompletableFuture<Void> last = hub.remove(List.of(address(1)));
    stepAfterChange();
    assertThat(last).isCompleted();
    assertThat(consumer.assignment()).isEmpty();
  }

  @Test
  void positionIsBehindWhatWasRead() {
    ReplyAddress pooled = new ReplyAddress(new TopicPartition("chat.replies.pool", 0), 41);
    add(List.of(pooled));
    assertThat(hub.position(pooled.partition())).isEqualTo(41);

    arrive(pooled, 41, WireReply.start("late", "w", 1));
    hub.step();

    assertThat(hub.position(pooled.partition())).isEqualTo(42);
  }

  @Test
  void errorOfThePollIsSurvived() {
    add(List.of(address(1)));
    OpenAnswer answer = open(address(1), "one");

    consumer.setPollException(new KafkaException("the broker is away"));
    hub.step();
    arrive(address(1), 0, WireReply.start("one", "w", 1));
    hub.step();

    assertThat(answer.log().at(0)).isNotNull();
  }

  @Test
  void logThatLostItsNextRecordFailsItsAnswerAlone() {
    add(List.of(address(1), address(2)));
    OpenAnswer lost = open(address(1), "one");
    OpenAnswer kept = open(address(2), "two");

    consumer.setPollException(new OffsetOutOfRangeException(Map.of(address(1).partition(), 0L)));
    hub.step();

    assertThat(lost.log().failure()).isInstanceOf(ReplyLostException.class);
    assertThat(hub.position(address(1).partition())).isNull();
    assertThat(kept.log().isEnded()).isFalse();
    assertThat(consumer.assignment()).containsExactly(address(2).partition());
  }

  @Test
  void finishedPlacesLeaveTogether() {
    List<ReplyAddress> addresses =
        IntStream.range(0, 17).mapToObj(ReplyHubTest::address).toList();
    add(addresses);

    addresses.subList(0, 15).forEach(hub::finish);
    hub.step();
    assertThat(consumer.assignment()).hasSize(17);

    hub.finish(addresses.get(15));
    hub.step();
    assertThat(consumer.assignment()).containsExactly(address(16).partition());
  }

  @Test
  void removedPlacesLeaveAtOnce() {
    add(List.of(address(1), address(2)));

    CompletableFuture<Void> done = hub.remove(List.of(address(1)));
    stepAfterChange();

    assertThat(done).isCompleted();
    assertThat(consumer.assignment()).containsExactly(address(2).partition());
  }

  @Test
  void anotherConsumerGoesOnAfterSoManyTopics() {
    MockConsumer<byte[], byte[]> other = new MockConsumer<>("none");
    Iterator<MockConsumer<byte[], byte[]>> consumers = List.of(consumer, other).iterator();
    ReplyHub renewed = new ReplyHub(new HubConsumer(consumers::next, 2), "hub");
    var unused = renewed.add(List.of(address(1), address(2)));
    OpenAnswer answer = new OpenAnswer("one", new JsonCodec());
    renewed.open(address(1), answer);
    renewed.step();
    arrive(address(1), 0, WireReply.start("one", "w", 1));
    await().until(() -> {
      renewed.step();
      return consumer.closed();
    });

    assertThat(answer.log().at(0)).isNotNull();
    assertThat(other.position(address(1).partition())).isEqualTo(1);
    assertThat(other.position(address(2).partition())).isZero();

    CompletableFuture<Void> done = renewed.add(List.of(address(3)));
    renewed.step();
    assertThat(done).isCompleted();
    renewed.step();
    other.addRecord(WireReply.delta("one", "w", 1, 0, "a").at(address(1).topic(), 1));
    renewed.step();
    assertThat(answer.log().at(1)).isNotNull();
  }

  @Test
  void withoutAnotherConsumerTheOldOneGoesOn() {
    AtomicInteger attempts = new AtomicInteger();
    ReplyHub renewed = new ReplyHub(
        new HubConsumer(
            () -> {
              if (attempts.getAndIncrement() > 0) {
                throw new KafkaException("no broker has an address");
              }
              return consumer;
            },
            1),
        "hub");
    var unused = renewed.add(List.of(address(1)));
    OpenAnswer answer = new OpenAnswer("one", new JsonCodec());
    renewed.open(address(1), answer);
    await().until(() -> {
      renewed.step();
      return attempts.get() > 1;
    });
    renewed.step();
    arrive(address(1), 0, WireReply.start("one", "w", 1));
    renewed.step();

    assertThat(answer.log().at(0)).isNotNull();
    assertThat(consumer.closed()).isFalse();
  }

  @Test
  void closedHubHasClosedItsConsumer() {
    hub.start();
    hub.close(Deadline.after(Duration.ofSeconds(10)));

    assertThat(consumer.closed()).isTrue();
    assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void changesOfAClosedHubAreRefused() {
    hub.start();
    hub.close(Deadline.after(Duration.ofSeconds(10)));

    assertThat(hub.add(List.of(address(1)))).isCompletedExceptionally();
  }
}
