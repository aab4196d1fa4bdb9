package io.sirocco.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KafkaReplyWriterTest {
  private static final Duration CREATION = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
  private Instant now = Instant.ofEpochMilli(1_795_000_000_000L);
  private final KafkaReplyWriter writer = writer(producer);

  @Test
  void thereIsNoRoomWhileTooMuchIsUnacknowledged() {
    send(60);
    assertThat(writer.hasRoom()).isTrue();
    send(60);
    assertThat(writer.hasRoom()).isFalse();

    producer.completeNext();
    assertThat(writer.hasRoom()).isTrue();
  }

  @Test
  void whatFailedTakesNoRoom() {
    send(200);
    assertThat(writer.hasRoom()).isFalse();

    producer.errorNext(new TimeoutException());

    assertThat(writer.hasRoom()).isTrue();
  }

  /** As that which gives a request up. */
  @Test
  void aRecordWithoutAValueIsWritten() {
    CompletableFuture<Long> written =
        writer.send(new ProducerRecord<>("replies", 0, "id", null)).toCompletableFuture();
    producer.completeNext();

    assertThat(written).isCompleted();
    assertThat(producer.history()).hasSize(1);
  }

  /** A send to it holds up the thread of all answers. */
  @Test
  void aTopicThatASendWaitedForInVainIsNotWaitedForAtOnceAgain() {
    VanishedTopics vanished = new VanishedTopics();
    KafkaReplyWriter other = writer(vanished);

    for (int answer = 0; answer < 3; answer++) {
      assertThat(send(other, "gone")).isCompletedExceptionally();
    }
    assertThat(vanished.waits).isEqualTo(1);

    now = now.plusSeconds(2);
    assertThat(send(other, "gone")).isCompletedExceptionally();
    assertThat(vanished.waits).isEqualTo(2);
  }

  @Test
  void aTopicThatVanishedHoldsUpNoOther() {
    VanishedTopics vanished = new VanishedTopics();
    KafkaReplyWriter other = writer(vanished);
    assertThat(send(other, "gone")).isCompletedExceptionally();

    assertThat(send(other, "there")).isNotDone();
    assertThat(vanished.completeNext()).isTrue();
  }

  @Test
  void aRecordThatIsNotAcknowledgedInTimeSaysNothingOfItsTopic() {
    send(10);
    Thread sender = new Thread(() -> producer.errorNext(new TimeoutException()));
    sender.start();
    Awaitility.await().until(() -> !sender.isAlive());

    send(10);

    assertThat(producer.completeNext()).isTrue();
  }

  /** Waits for every topic in vain whose name says so. */
  private static final class VanishedTopics extends MockProducer<String, byte[]> {
    private int waits;

    VanishedTopics() {
      super(false, null, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<String, byte[]> reply, @Nullable Callback callback) {
      if (!reply.topic().equals("gone")) {
        return super.send(reply, callback);
      }
      waits++;
      TimeoutException fault = new TimeoutException("not present in metadata");
      Objects.requireNonNull(callback).onCompletion(null, fault);
      return CompletableFuture.failedFuture(fault);
    }
  }

  @Test
  void aNewRequestsTopicIsLookedForAsLongAsItMayStillTurnUp() {
    AtomicInteger looks = new AtomicInteger();
    KafkaReplyWriter other =
        new KafkaReplyWriter(unknownUntil(looks, 4), producer, false, 100, CREATION, () -> {
          now = now.plusSeconds(5);
          return now;
        });

    assertThat(other.awaitWritable(log(now.toEpochMilli()))).succeedsWithin(PATIENCE);
    assertThat(looks).hasValue(4);
  }

  @Test
  void anOldRequestsTopicIsNotLookedForLong() {
    AtomicInteger looks = new AtomicInteger();
    KafkaReplyWriter other =
        new KafkaReplyWriter(unknownUntil(looks, 4), producer, false, 100, CREATION, () -> {
          now = now.plusSeconds(5);
          return now;
        });

    assertThat(other.awaitWritable(log(0)))
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withCauseInstanceOf(UnknownTopicOrPartitionException.class);
    assertThat(looks).hasValue(1);
  }

  private static ReplyLog log(long requestedMillis) {
    return new ReplyLog(new ReplyAddress("replies", 0), "r1", OptionalLong.of(0), requestedMillis);
  }

  /** Knows the topic when it is asked for the {@code last} time. */
  private static Admin unknownUntil(AtomicInteger looks, int last) {
    return admin(method -> {
      TopicDescription topic = new TopicDescription(
          "replies",
          false,
          List.of(new TopicPartitionInfo(0, Node.noNode(), List.of(), List.of())));
      KafkaFuture<TopicDescription> known = KafkaFuture.completedFuture(topic);
      KafkaFutureImpl<TopicDescription> unknown = new KafkaFutureImpl<>();
      unknown.completeExceptionally(new UnknownTopicOrPartitionException());
      return new Described(Map.of("replies", looks.incrementAndGet() < last ? unknown : known));
    });
  }

  /** The constructor is for those of its kind. */
  private static final class Described extends DescribeTopicsResult {
    Described(Map<String, KafkaFuture<TopicDescription>> topics) {
      super(null, topics);
    }
  }

  private KafkaReplyWriter writer(MockProducer<String, byte[]> through) {
    return new KafkaReplyWriter(nobody(), through, false, 100, CREATION, () -> now);
  }

  private static CompletableFuture<Long> send(KafkaReplyWriter through, String topic) {
    return through.send(new ProducerRecord<>(topic, 0, "id", new byte[1])).toCompletableFuture();
  }

  /** Sending asks nobody. */
  private static Admin nobody() {
    return admin(method -> {
      throw new AssertionError("expected no call of " + method);
    });
  }

  private static Admin admin(Function<Method, Object> answer) {
    return (Admin) Proxy.newProxyInstance(
        Admin.class.getClassLoader(),
        new Class<?>[] {Admin.class},
        (proxy, method, arguments) -> answer.apply(method));
  }

  private void send(int bytes) {
    var unused = writer.send(new ProducerRecord<>("replies", 0, "id", new byte[bytes]));
  }
}
