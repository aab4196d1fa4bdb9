package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.ReplyLogs;
import io.sirocco.testkit.TestTopics;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A thousand records that nobody can answer, and good ones between them, on one partition. */
@OnEmbeddedKafka
class BadRecordsAmongGoodIT {
  private static final String MODEL = "garbage";
  private static final TopicPartition REQUESTS = new TopicPartition(Topics.requests(MODEL), 0);
  private static final TopicPartition REPLIES = new TopicPartition("chat.replies.garbage", 0);
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int BAD = 1000;
  private static final int BETWEEN_GOOD = 20;
  private static final String GOOD =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"What is a mistral?\"}],\"max_tokens\":3}";
  private static final String TOO_LONG =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted("wind ".repeat(40_000));

  /** Less than what the bad records of the second half take, should they stay. */
  private static final long MOST_GROWTH = 8 << 20;

  private final Random random = new Random(6);

  /** The offsets of records that nobody but the dead letters can be told of. */
  private final Set<Long> unanswerable = new HashSet<>();

  private final Set<String> bad = new HashSet<>();
  private final Set<String> good = new HashSet<>();

  @Test
  void everyGoodOneIsAnsweredAndEveryBadOneAccountedForInFlatMemory(KafkaBroker broker)
      throws Exception {
    Worker worker = Worker.start(
        WorkerSettings.of(broker.bootstrapServers(), MODEL).withPartitions(1),
        DemoModels.f32(2),
        new SimpleMeterRegistry(),
        fault -> {
          throw new AssertionError(fault);
        });
    Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (TestTopics topics = new TestTopics(broker);
        KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
      topics.create(REPLIES.topic(), 1);
      ReplyLogs logs = new ReplyLogs(broker);
      send(producer, BAD / 4);
      awaitEnds(logs);
      long early = usedBytes();
      send(producer, BAD - BAD / 4);
      List<ReplyRecord> replies = awaitEnds(logs);

      assertThat(ends(replies, ReplyEvent.END)).isEqualTo(good);
      assertThat(ends(replies, ReplyEvent.ERROR)).isEqualTo(bad);
      assertThat(deadLetters(broker)).containsAll(unanswerable);
      assertThat(bad.size() + unanswerable.size()).isEqualTo(BAD);
      Awaitility.await() // What is answered may not be closed yet.
          .pollInSameThread()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(usedBytes() - early)
              .as("heap that stays, in bytes")
              .isLessThan(MOST_GROWTH));
      topics.delete(REPLIES.topic());
    } finally {
      worker.close();
    }
  }

  private void send(KafkaProducer<String, byte[]> producer, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      bad(producer, i);
      if (i % BETWEEN_GOOD == BETWEEN_GOOD - 1) {
        answerable(producer, GOOD.getBytes(UTF_8), good);
      }
    }
  }

  private void bad(KafkaProducer<String, byte[]> producer, int number) throws Exception {
    switch (number % 6) {
      case 0 -> answerable(producer, randomBytes(), bad);
      case 1 -> answerable(producer, "{\"messages\": [".getBytes(UTF_8), bad);
      case 2 -> answerable(producer, "[".repeat(20_000).getBytes(UTF_8), bad);
      case 3 -> answerable(producer, TOO_LONG.getBytes(UTF_8), bad);
      case 4 -> unanswerable(producer, GOOD.getBytes(UTF_8), Topics.USAGE.getBytes(UTF_8));
      default -> unanswerable(producer, randomBytes(), randomBytes());
    }
  }

  private byte[] randomBytes() {
    byte[] bytes = new byte[1 + random.nextInt(2000)];
    random.nextBytes(bytes);
    return bytes;
  }

  private void answerable(KafkaProducer<String, byte[]> producer, byte[] body, Set<String> ids)
      throws Exception {
    String id = "r" + (good.size() + bad.size());
    ids.add(id);
    ProducerRecord<String, byte[]> request = request(body, REPLIES.topic().getBytes(UTF_8));
    request.headers().add(Headers.REQUEST_ID, id.getBytes(UTF_8));
    producer.send(request).get();
  }

  private void unanswerable(KafkaProducer<String, byte[]> producer, byte[] body, byte[] replyTopic)
      throws Exception {
    unanswerable.add(producer.send(request(body, replyTopic)).get().offset());
  }

  private static ProducerRecord<String, byte[]> request(byte[] body, byte[] replyTopic) {
    ProducerRecord<String, byte[]> request =
        new ProducerRecord<>(REQUESTS.topic(), REQUESTS.partition(), "key", body);
    request.headers().add(Headers.REPLY_TOPIC, replyTopic);
    return request;
  }

  /** Waits until all that can be answered is. */
  private List<ReplyRecord> awaitEnds(ReplyLogs logs) {
    return logs.readUntil(
        REPLIES,
        0,
        log -> log.stream().filter(reply -> reply.event().isTerminal()).count()
            >= good.size() + bad.size(),
        PATIENCE);
  }

  private static Set<String> ends(List<ReplyRecord> replies, ReplyEvent event) {
    Set<String> ids = new HashSet<>();
    for (ReplyRecord reply : replies) {
      if (reply.event() == event) {
        assertThat(ids.add(reply.requestId()))
            .as("one end of %s", reply.requestId())
            .isTrue();
      }
    }
    return ids;
  }

  /** Returns the offsets of requests that are kept among the dead letters, when all are closed. */
  private Set<Long> deadLetters(KafkaBroker broker) {
    Set<Long> offsets = new HashSet<>();
    Map<String, Object> properties =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition letters = new TopicPartition(Topics.deadLetters(REQUESTS.topic()), 0);
      consumer.assign(List.of(letters));
      consumer.seekToBeginning(List.of(letters));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!offsets.containsAll(unanswerable) && System.nanoTime() < deadline) {
        for (ConsumerRecord<String, byte[]> letter : consumer.poll(Duration.ofMillis(100))) {
          byte[] offset =
              letter.headers().lastHeader(Headers.DLT_ORIGINAL_OFFSET).value();
          offsets.add(ByteBuffer.wrap(offset).getLong());
        }
      }
    }
    return offsets;
  }

  private static long usedBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) { // What is freed by one collection is found by the next.
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
