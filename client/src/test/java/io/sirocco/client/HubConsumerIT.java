package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@OnEmbeddedKafka
@Timeout(120)
class HubConsumerIT {
  private static final int MOST_TOPICS = 3;
  private static final int TOPICS = 12;
  private static final int PIECES = 5;

  private final List<Consumer<byte[], byte[]>> connected = new CopyOnWriteArrayList<>();
  private final Map<TopicPartition, List<Integer>> found = new LinkedHashMap<>();

  @Test
  void whatIsReadIsReadOnceAndWholeWhileConsumersFollowEachOther(KafkaBroker broker) {
    HubConsumer hub = new HubConsumer(() -> connect(broker), MOST_TOPICS);
    try (TestTopics topics = new TestTopics(broker);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < TOPICS; i++) {
        TopicPartition partition = new TopicPartition("hub.answer-" + i, 0);
        topics.create(partition.topic(), 1);
        found.put(partition, new ArrayList<>());
        hub.assign(found.keySet());
        hub.now().seek(partition, 0);
        for (int piece = 0; piece < PIECES; piece++) {
          send(producer, piece);
          read(hub);
        }
      }
      await().untilAsserted(() -> {
        read(hub);
        assertThat(read()).isEqualTo(TOPICS * (TOPICS + 1) / 2 * PIECES);
      });
    } finally {
      hub.close(Duration.ofSeconds(5));
    }

    assertThat(found.values())
        .allSatisfy(pieces -> assertThat(pieces)
            .isEqualTo(IntStream.range(0, pieces.size())
                .map(piece -> piece % PIECES)
                .boxed()
                .toList()));
    assertThat(connected).hasSizeGreaterThan(2);
    await()
        .untilAsserted(() -> assertThat(connected)
            .allSatisfy(consumer -> assertThatThrownBy(consumer::assignment)
                .isInstanceOf(IllegalStateException.class)));
  }

  private Consumer<byte[], byte[]> connect(KafkaBroker broker) {
    Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "auto.offset.reset",
            "none",
            "fetch.max.wait.ms",
            20),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
    connected.add(consumer);
    return consumer;
  }

  /** To all that are read. */
  private void send(KafkaProducer<byte[], byte[]> producer, int piece) {
    for (TopicPartition partition : found.keySet()) {
      var unused =
          producer.send(new ProducerRecord<>(partition.topic(), new byte[] {(byte) piece}));
    }
  }

  private void read(HubConsumer hub) {
    hub.renew();
    hub.now()
        .poll(Duration.ofMillis(20))
        .forEach(kafkaRecord -> found
            .getOrDefault(
                new TopicPartition(kafkaRecord.topic(), kafkaRecord.partition()), new ArrayList<>())
            .add((int) kafkaRecord.value()[0]));
  }

  private int read() {
    return found.values().stream().mapToInt(List::size).sum();
  }
}
