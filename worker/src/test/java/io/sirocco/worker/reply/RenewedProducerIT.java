package io.sirocco.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

@OnEmbeddedKafka
class RenewedProducerIT {
  private static final int MOST_TOPICS = 8;
  private static final int ANSWERS = 60;
  private static final int PIECES = 40;
  private static final int AT_ONCE = 4;

  private final List<Producer<String, byte[]>> connected = new CopyOnWriteArrayList<>();

  /** Each answer has a topic of its own; they overlap, so that some are written while producers change. */
  @Test
  void answersStayWholeAndInOrderWhileProducersFollowEachOther(KafkaBroker broker)
      throws Exception {
    try (TestTopics topics = new TestTopics(broker);
        RenewedProducer producer = new RenewedProducer(() -> connect(broker), MOST_TOPICS)) {
      List<String> names =
          IntStream.range(0, ANSWERS).mapToObj(i -> "renewed.answer-" + i).toList();
      names.forEach(name -> topics.create(name, 1));

      write(producer, names);

      assertThat(read(broker, names))
          .containsOnlyKeys(names)
          .allSatisfy((name, pieces) ->
              assertThat(pieces).isEqualTo(IntStream.range(0, PIECES).boxed().toList()));
      assertThat(connected).allMatch(one -> topicsOf(one) < ANSWERS / 2);
      assertThat(connected.stream().filter(one -> topicsOf(one) > 0)).hasSizeGreaterThan(3);
      assertThat(producer.metrics().keySet())
          .isNotEmpty()
          .noneMatch(name -> name.tags().containsKey("topic"))
          .allMatch(name -> "producer-of-replies".equals(name.tags().get("client-id")));
    }
  }

  private Producer<String, byte[]> connect(KafkaBroker broker) {
    Producer<String, byte[]> made = new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "client.id",
            connected.isEmpty() ? "producer-of-replies" : "producer-" + connected.size(),
            "retry.backoff.ms",
            10),
        new StringSerializer(),
        new ByteArraySerializer());
    connected.add(made);
    return made;
  }

  /** A piece of each answer in turn, without waiting for any but the last. */
  private static void write(RenewedProducer producer, List<String> names) throws Exception {
    Deque<String> waiting = new ArrayDeque<>(names);
    Map<String, Integer> running = new HashMap<>();
    while (!waiting.isEmpty() || !running.isEmpty()) {
      while (running.size() < AT_ONCE && !waiting.isEmpty()) {
        running.put(waiting.remove(), 0);
      }
      for (String name : List.copyOf(running.keySet())) {
        int piece = running.merge(name, 1, Integer::sum) - 1;
        Future<RecordMetadata> sent =
            producer.send(new ProducerRecord<>(name, 0, "id", new byte[] {(byte) piece}));
        if (piece == PIECES - 1) {
          sent.get(60, TimeUnit.SECONDS);
          running.remove(name);
        }
      }
    }
    producer.flush();
  }

  private static Map<String, List<Integer>> read(KafkaBroker broker, List<String> names) {
    Map<String, List<Integer>> found = new HashMap<>();
    try (Consumer<String, byte[]> consumer = new KafkaConsumer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new StringDeserializer(),
        new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          names.stream().map(name -> new TopicPartition(name, 0)).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<String, byte[]> piece : consumer.poll(Duration.ofMillis(100))) {
          found.computeIfAbsent(piece.topic(), name -> new ArrayList<>()).add((int)
              piece.value()[0]);
        }
      }
    }
    return found;
  }

  private static long topicsOf(Producer<String, byte[]> producer) {
    return producer.metrics().keySet().stream()
        .map(name -> name.tags().get("topic"))
        .filter(topic -> topic != null)
        .distinct()
        .count();
  }
}
