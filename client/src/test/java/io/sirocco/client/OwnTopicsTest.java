package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The brokers are the test, and so is the thread that tends the topics. */
@Timeout(60)
class OwnTopicsTest {
  private static final int ROUNDS = 10;
  private static final int WAITERS = 8;

  private final List<String> asked = new ArrayList<>();
  private final Set<String> there = new HashSet<>();
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  private final ReplyHub hub = new ReplyHub(() -> consumer, "hub");
  private final OwnTopics topics = topics(ReplyTopicMode.POOL);

  private OwnTopics topics(ReplyTopicMode mode) {
    ClientSettings settings = ClientSettings.builder("localhost:9092")
        .replyTopics(mode)
        .readyTopics(1)
        .submitTimeout(Duration.ofSeconds(20))
        .build();
    return new OwnTopics(
        settings,
        "test",
        new ReplyTopicAdmin(admin(), (short) 1, Duration.ofDays(1)),
        hub,
        () -> Instant.EPOCH);
  }

  @BeforeEach
  void startReading() {
    hub.start();
  }

  @AfterEach
  void stopReading() {
    hub.close(Deadline.after(Duration.ofSeconds(10)));
  }

  /** They are read, as all topics are that a request has used. */
  private List<ReplyAddress> used(String name, int count) throws Exception {
    List<ReplyAddress> used = IntStream.range(0, count)
        .mapToObj(number -> ReplyAddress.singleUse("chat.replies." + name + "." + number))
        .toList();
    hub.add(used).get(10, TimeUnit.SECONDS);
    return used;
  }

  @Test
  void numbersOnlyGrowThoughMoreComesBackThanIsWaitedFor() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      List<ReplyAddress> used = used("used" + round, 4 * WAITERS);
      List<CompletableFuture<ReplyAddress>> waiters = waiters();

      var unused = topics.useAgain(used);
      topics.refill(); // Some of those who waited have not gone yet.

      for (CompletableFuture<ReplyAddress> waiter : waiters) {
        assertThat(waiter.get(10, TimeUnit.SECONDS)).isIn(used);
      }
      for (int more = WAITERS; more < used.size(); more++) {
        topics.lease();
      }
      topics.refill();
      topics.lease();
    }

    assertThat(asked)
        .isEqualTo(IntStream.range(0, ROUNDS).mapToObj(OwnTopicsTest::name).toList());
  }

  /** They have begun to wait for a topic. */
  private List<CompletableFuture<ReplyAddress>> waiters() {
    List<CompletableFuture<ReplyAddress>> waiters = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int number = 0; number < WAITERS; number++) {
      CompletableFuture<ReplyAddress> leased = new CompletableFuture<>();
      Thread thread = new Thread(() -> {
        try {
          leased.complete(topics.lease());
        } catch (TimeoutException | InterruptedException e) {
          leased.completeExceptionally(e);
        }
      });
      thread.start();
      threads.add(thread);
      waiters.add(leased);
    }
    await()
        .until(() ->
            threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
    return waiters;
  }

  private static String name(int number) {
    return "chat.replies.test." + number;
  }

  @Test
  void nameThatIsTakenIsSkipped() throws Exception {
    there.add(name(0));

    topics.refill();
    topics.refill();

    assertThat(topics.lease().topic()).isEqualTo(name(1));
  }

  @Test
  void topicThatTheHubLostIsNotUsedAgain() throws Exception {
    List<ReplyAddress> used = used("used", 2);
    lose(used.get(0));

    assertThat(topics.useAgain(used)).containsExactly(used.get(0));
    assertThat(topics.lease()).isEqualTo(used.get(1));
  }

  @Test
  void topicThatTheHubLosesWhileItIsReadyIsNotLeased() throws Exception {
    List<ReplyAddress> used = used("used", 2);
    assertThat(topics.useAgain(used)).isEmpty();
    lose(used.get(0));

    assertThat(topics.lease()).isEqualTo(used.get(1));
  }

  private void lose(ReplyAddress address) {
    consumer.setPollException(new OffsetOutOfRangeException(Map.of(address.partition(), 0L)));
    await().until(() -> hub.position(address.partition()) == null);
  }

  private Admin admin() {
    return (Admin) Proxy.newProxyInstance(
        Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
          if (!(arguments[0] instanceof Collection<?> || arguments[0] instanceof Map<?, ?>)) {
            throw new UnsupportedOperationException(method.toString());
          }
          return switch (method.getName()) {
            case "createTopics" -> new Creation((Collection<?>) arguments[0], this::create);
            case "describeTopics" -> new Description((Collection<?>) arguments[0]);
            case "listOffsets" -> offsets((Map<?, ?>) arguments[0]);
            default -> throw new UnsupportedOperationException(method.toString());
          };
        });
  }

  private boolean create(String topic) {
    asked.add(topic);
    return there.add(topic);
  }

  private static ListOffsetsResult offsets(Map<?, ?> partitions) {
    Map<TopicPartition, KafkaFuture<ListOffsetsResult.ListOffsetsResultInfo>> ends =
        new HashMap<>();
    partitions.keySet().forEach(partition -> ends.put((TopicPartition) partition, done()));
    return new ListOffsetsResult(ends);
  }

  private static <T> KafkaFuture<T> done() {
    KafkaFutureImpl<T> done = new KafkaFutureImpl<>();
    done.complete(null);
    return done;
  }

  private static final class Creation extends CreateTopicsResult {
    private Creation(Collection<?> topics, Predicate<String> create) {
      super(ends(topics, create));
    }

    private static Map<String, KafkaFuture<TopicMetadataAndConfig>> ends(
        Collection<?> topics, Predicate<String> create) {
      Map<String, KafkaFuture<TopicMetadataAndConfig>> ends = new HashMap<>();
      for (Object topic : topics) {
        String name = ((NewTopic) topic).name();
        KafkaFutureImpl<TopicMetadataAndConfig> taken = new KafkaFutureImpl<>();
        taken.completeExceptionally(new TopicExistsException(name));
        ends.put(name, create.test(name) ? done() : taken);
      }
      return ends;
    }
  }

  private static final class Description extends DescribeTopicsResult {
    private Description(Collection<?> topics) {
      super(null, known(topics));
    }

    private static Map<String, KafkaFuture<TopicDescription>> known(Collection<?> topics) {
      Map<String, KafkaFuture<TopicDescription>> known = new HashMap<>();
      topics.forEach(topic -> known.put(String.valueOf(topic), done()));
      return known;
    }
  }
}
