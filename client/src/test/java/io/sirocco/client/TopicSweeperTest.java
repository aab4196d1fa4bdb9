package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteTopicsResult;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The brokers are the test, which says what becomes of a deletion. */
@Timeout(60)
class TopicSweeperTest {
  private static final ReplyAddress ONE = ReplyAddress.singleUse("chat.replies.test.1");
  private static final ReplyAddress OTHER = ReplyAddress.singleUse("chat.replies.test.2");

  /** What was asked to be deleted, call by call. */
  private final List<List<String>> deletions = new ArrayList<>();

  /** What becomes of the next calls; nothing: they succeed. */
  private final Deque<RuntimeException> faults = new ArrayDeque<>();

  private final ReplyHub hub = new ReplyHub(() -> new MockConsumer<>("none"), "hub");
  private final TopicSweeper sweeper = new TopicSweeper(
      new ReplyTopicAdmin(admin(), (short) 1, Duration.ofDays(1)),
      hub,
      Duration.ZERO,
      () -> Instant.EPOCH,
      closed -> closed);

  @BeforeEach
  void startReading() {
    hub.start();
  }

  @AfterEach
  void stopReading() {
    hub.close(Deadline.after(Duration.ofSeconds(10)));
  }

  @Test
  void aTopicThatCouldNotBeDeletedIsTriedAgainWithTheNextOnes() throws Exception {
    faults.add(new NotControllerException("elections"));
    sweeper.retire(ONE, new Delivery.NotSent());
    sweeper.sweep();
    sweeper.retire(OTHER, new Delivery.NotSent());
    sweeper.sweep();
    sweeper.sweep();

    assertThat(deletions).hasSize(2);
    assertThat(deletions.get(0)).containsExactly(ONE.topic());
    assertThat(deletions.get(1)).containsExactlyInAnyOrder(ONE.topic(), OTHER.topic());
  }

  @Test
  void aTopicThatIsGoneIsNotTriedAgain() throws Exception {
    faults.add(new UnknownTopicOrPartitionException("gone"));
    sweeper.retire(ONE, new Delivery.NotSent());
    sweeper.sweep();
    sweeper.sweep();

    assertThat(deletions).containsExactly(List.of(ONE.topic()));
  }

  private Admin admin() {
    return (Admin) Proxy.newProxyInstance(
        Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
          if (method.getName().equals("deleteTopics")
              && arguments[0] instanceof Collection<?> all) {
            return delete(all.stream().map(String::valueOf).toList());
          }
          throw new UnsupportedOperationException(method.toString());
        });
  }

  private Deletion delete(List<String> topics) {
    deletions.add(topics);
    RuntimeException fault = faults.poll();
    Map<String, KafkaFuture<Void>> ends = new HashMap<>();
    topics.forEach(topic -> ends.put(topic, end(fault)));
    return new Deletion(ends);
  }

  private static KafkaFuture<Void> end(@Nullable RuntimeException fault) {
    KafkaFutureImpl<Void> end = new KafkaFutureImpl<>();
    if (fault == null) {
      end.complete(null);
    } else {
      end.completeExceptionally(fault);
    }
    return end;
  }

  private static final class Deletion extends DeleteTopicsResult {
    private Deletion(Map<String, KafkaFuture<Void>> ends) {
      super(null, ends);
    }
  }
}
