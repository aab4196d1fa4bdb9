package io.sirocco.worker.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.topic.Headers;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@OnEmbeddedKafka
class KafkaReplyLogReaderIT {
  private static final int MOST_TOPICS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LEADERLESS = "logs.leaderless";
  private static final String FORBIDDEN = "logs.forbidden";
  private static final long NOW = 1_795_000_000_000L;

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private Admin admin;
  private final List<Consumer<String, byte[]>> connected = new ArrayList<>();
  private RenewedConsumer consumers;
  private KafkaProducer<String, byte[]> producer;
  private TestTopics topics;
  private KafkaReplyLogReader reader;

  @BeforeEach
  void connect(KafkaBroker broker) {
    Map<String, Object> servers = Map.of("bootstrap.servers", broker.bootstrapServers());
    admin = Admin.create(servers);
    consumers = new RenewedConsumer(() -> connect(broker.bootstrapServers()), MOST_TOPICS);
    producer = new KafkaProducer<>(servers, new StringSerializer(), new ByteArraySerializer());
    topics = new TestTopics(broker);
    reader = new KafkaReplyLogReader(admin, consumers, thread, PATIENCE);
  }

  private Consumer<String, byte[]> connect(String bootstrapServers) {
    Consumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "auto.offset.reset",
                "none",
                "fetch.max.wait.ms",
                20),
            new StringDeserializer(),
            new ByteArrayDeserializer()) {
          @Override
          public ConsumerRecords<String, byte[]> poll(Duration timeout) {
            if (assignment().contains(new TopicPartition(FORBIDDEN, 0))) {
              throw new TopicAuthorizationException(FORBIDDEN);
            }
            return super.poll(timeout);
          }
        };
    connected.add(consumer);
    return consumer;
  }

  @AfterEach
  void disconnect() throws Exception {
    thread.shutdown();
    assertThat(thread.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    consumers.close();
    producer.close();
    topics.close();
    admin.close();
  }

  @Test
  void manyLogsAreReadAtOnceEachFromItsOwnBegin() throws Exception {
    topics.create("logs.many", 2);
    for (int i = 0; i < 20; i++) {
      start("logs.many", i % 2, "r" + i % 4, i + 1, NOW);
    }
    List<CompletableFuture<LogReading>> readings = new ArrayList<>();
    for (int request = 0; request < 4; request++) {
      readings.add(read(log("logs.many", request % 2, "r" + request, OptionalLong.of(2)), -1));
    }

    for (int request = 0; request < 4; request++) {
      assertThat(attempt(readings.get(request))).isEqualTo(16 + request + 1);
    }
  }

  @Test
  void aRecordThatIsAcknowledgedIsWaitedFor() throws Exception {
    topics.create("logs.awaited", 1);
    start("logs.awaited", 0, "r", 1, NOW);
    CompletableFuture<LogReading> reading =
        read(log("logs.awaited", 0, "r", OptionalLong.of(0)), 1);
    start("logs.awaited", 0, "r", 2, NOW);

    assertThat(attempt(reading)).isEqualTo(2);
  }

  @Test
  void withoutABeginTheLogIsReadFromAMinuteBeforeTheRequest() throws Exception {
    topics.create("logs.timed", 1);
    start("logs.timed", 0, "r", 7, NOW - 61_000);
    start("logs.timed", 0, "r", 3, NOW - 59_000);

    assertThat(attempt(read(log("logs.timed", 0, "r", OptionalLong.empty()), -1)))
        .isEqualTo(3);
  }

  @Test
  void anEmptyLogHoldsNothing() throws Exception {
    topics.create("logs.empty", 1);

    for (OptionalLong begin : List.of(OptionalLong.of(0), OptionalLong.empty())) {
      assertThat(read(log("logs.empty", 0, "r", begin), -1).get(60, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              LogReading.Found.class,
              found -> assertThat(found.checkpoint().fold().currentStart()).isNull());
    }
  }

  @Test
  void aTopicThatIsGoneHoldsUpNoOther() throws Exception {
    topics.create("logs.there", 1);
    start("logs.there", 0, "r", 1, NOW);
    CompletableFuture<LogReading> gone = read(log("logs.gone", 0, "r", OptionalLong.of(0)), -1);
    CompletableFuture<LogReading> partition =
        read(log("logs.there", 1, "r", OptionalLong.of(0)), -1);

    assertThat(attempt(read(log("logs.there", 0, "r", OptionalLong.of(0)), -1))).isEqualTo(1);
    assertThat(gone.get(60, TimeUnit.SECONDS)).isInstanceOf(LogReading.Gone.class);
    assertThat(partition.get(60, TimeUnit.SECONDS)).isInstanceOf(LogReading.Gone.class);
  }

  /** Each of them alone is waited for in vain for the time of a reading. */
  @Test
  void logsThatNobodyLeadsHoldUpNoOtherForLongerThanOneOfThem(KafkaBroker broker) throws Exception {
    Duration patience = Duration.ofSeconds(2);
    topics.create("logs.led", 1);
    topics.create(LEADERLESS, 20);
    start("logs.led", 0, "r", 1, NOW);
    try (Admin some = new LeaderlessAdmin(broker)) {
      reader = new KafkaReplyLogReader(some, consumers, thread, patience);
      CountDownLatch allAsked = holdReader();
      List<CompletableFuture<LogReading>> leaderless = new ArrayList<>();
      for (int partition = 0; partition < 20; partition++) {
        leaderless.add(read(log(LEADERLESS, partition, "r", OptionalLong.of(0)), -1));
      }
      CompletableFuture<LogReading> led = read(log("logs.led", 0, "r", OptionalLong.of(0)), -1);
      long begunNanos = System.nanoTime();
      allAsked.countDown();

      assertThat(attempt(led)).isEqualTo(1);
      assertThat(Duration.ofNanos(System.nanoTime() - begunNanos))
          .isLessThan(patience.multipliedBy(3));
      assertThat(leaderless)
          .allSatisfy(reading -> assertThat(reading)
              .failsWithin(PATIENCE)
              .withThrowableOfType(ExecutionException.class)
              .withCauseInstanceOf(TimeoutException.class));
    }
  }

  @Test
  void aLogThatMayNotBeReadFailsAlone() throws Exception {
    topics.create("logs.allowed", 1);
    topics.create(FORBIDDEN, 1);
    start("logs.allowed", 0, "r", 1, NOW);
    CountDownLatch allAsked = holdReader();
    CompletableFuture<LogReading> forbidden = read(log(FORBIDDEN, 0, "r", OptionalLong.of(0)), 0);
    CompletableFuture<LogReading> allowed =
        read(log("logs.allowed", 0, "r", OptionalLong.of(0)), -1);
    allAsked.countDown();

    assertThat(attempt(allowed)).isEqualTo(1);
    assertThat(forbidden).failsWithin(PATIENCE);
  }

  @Test
  void aLogWhoseBeginIsDeletedIsGone() throws Exception {
    topics.create("logs.cut", 1);
    start("logs.cut", 0, "r", 1, NOW);
    start("logs.cut", 0, "r", 2, NOW);
    admin
        .deleteRecords(Map.of(new TopicPartition("logs.cut", 0), RecordsToDelete.beforeOffset(1)))
        .all()
        .get();

    assertThat(read(log("logs.cut", 0, "r", OptionalLong.of(0)), -1).get(60, TimeUnit.SECONDS))
        .isInstanceOf(LogReading.Gone.class);
  }

  @Test
  void noConsumerReadsEverMoreTopics() throws Exception {
    for (int i = 0; i < 2 * MOST_TOPICS + 1; i++) {
      topics.create("logs.one-of-many-" + i, 1);
      start("logs.one-of-many-" + i, 0, "r", i + 1, NOW);

      assertThat(attempt(read(log("logs.one-of-many-" + i, 0, "r", OptionalLong.of(0)), -1)))
          .isEqualTo(i + 1);
    }

    assertThat(connected).hasSize(3);
    assertThatThrownBy(() -> connected.get(1).assignment())
        .isInstanceOf(IllegalStateException.class);
  }

  private CompletableFuture<LogReading> read(ReplyLog log, long through) {
    return reader.read(log, through).toCompletableFuture();
  }

  private static ReplyLog log(String topic, int partition, String id, OptionalLong begin) {
    return new ReplyLog(new ReplyAddress(topic, partition), id, begin, NOW);
  }

  private static int attempt(CompletableFuture<LogReading> reading) throws Exception {
    LogReading.Found found = (LogReading.Found) reading.get(60, TimeUnit.SECONDS);
    return Objects.requireNonNull(found.checkpoint().fold().currentStart()).attempt();
  }

  private void start(String topic, int partition, String id, int attempt, long timestamp)
      throws Exception {
    ProducerRecord<String, byte[]> start =
        new ProducerRecord<>(topic, partition, timestamp, id, new byte[0]);
    Map.of(
            Headers.REQUEST_ID,
            id,
            Headers.EVENT,
            "start",
            Headers.WRITER,
            "w",
            Headers.ATTEMPT,
            Integer.toString(attempt))
        .forEach((name, value) -> start.headers().add(name, value.getBytes(UTF_8)));
    producer.send(start).get();
  }

  /** What is asked for until it is counted down is read together. */
  private CountDownLatch holdReader() {
    CountDownLatch allAsked = new CountDownLatch(1);
    thread.execute(() -> {
      try {
        allAsked.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    return allAsked;
  }

  /** Waits in vain for the offsets of one topic, as if nobody led its partitions. */
  private static final class LeaderlessAdmin extends ForwardingAdmin {
    LeaderlessAdmin(KafkaBroker broker) {
      super(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @Override
    public ListOffsetsResult listOffsets(
        Map<TopicPartition, OffsetSpec> specs, ListOffsetsOptions options) {
      Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> offsets = new HashMap<>();
      ListOffsetsResult found = super.listOffsets(
          specs.entrySet().stream().collect(toMap(spec -> actual(spec.getKey()), Entry::getValue)),
          options);
      specs.keySet().forEach(asked -> offsets.put(asked, found.partitionResult(actual(asked))));
      return new ListOffsetsResult(offsets);
    }

    /** One that does not exist has no leader either. */
    private static TopicPartition actual(TopicPartition asked) {
      return asked.topic().equals(LEADERLESS)
          ? new TopicPartition(LEADERLESS, 1000 + asked.partition())
          : asked;
    }
  }
}
