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
  private final List<String> asked = new ArrayList<>();
  private final Set<String> there = new HashSet<>();
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  private final ReplyHub hub = new ReplyHub(() -> consumer, "hub");
  private final Thread reader = new Thread(this::read, "reader");
  private volatile boolean over;
  private final OwnTopics topics = topics(ReplyTopicMode.POOL);

  private OwnTopics topics(ReplyTopicMode mode) {
    ClientSettings settings = ClientSettings.builder("localhost:9092")
        .replyTopics(mode)
        .readyTopics(1)
        .submitTimeout(Duration.ofMillis(500))
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
    reader.start();
  }

  @AfterEach
  void stopReading() throws InterruptedException {
    over = true;
    reader.join();
  }

  private void read() {
    while (!over) {
      hub.step();
    }
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
  void namesAreNeverUsedTwiceThoughManyComeBackWhileOneWaits() throws Exception {
    for (int round = 0; round < 30; round++) {
      CompletableFuture<ReplyAddress> leased = new CompletableFuture<>();
      Thread waiter = new Thread(() -> {
        try {
          leased.complete(topics.lease());
        } catch (TimeoutException | InterruptedException e) {
          leased.completeExceptionally(e);
        }
      });
      List<ReplyAddress> used = used("used" + round, 10);
      waiter.start();
      await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
      assertThat(topics.useAgain(used)).isEmpty();
      topics.refill(); // The waiter may not have gone yet.
      assertThat(leased.get(10, TimeUnit.SECONDS)).isIn(used);
      waiter.join();
      for (int more = 1; more < 10; more++) {
        topics.lease();
      }
      topics.refill();
      topics.lease();
    }

    assertThat(asked).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(30);
  }

  @Test
  void nameThatIsTakenIsSkipped() throws Exception {
    there.add("chat.replies.test.0");

    topics.refill();
    topics.refill();

    assertThat(topics.lease().topic()).isEqualTo("chat.replies.test.1");
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
