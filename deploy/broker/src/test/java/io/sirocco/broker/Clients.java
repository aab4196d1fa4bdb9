package io.sirocco.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/**
 * Text clients of one broker.
 *
 * <p>Immutable.
 */
record Clients(String bootstrapServers) {

  void createTopic(String topic, int partitions) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(properties(Map.of()))) {
      admin
          .createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
          .all()
          .get();
    }
  }

  /** Creates a topic and fails unless it can be produced to soon. */
  void createTopicWithin(String topic, Duration limit) throws Exception {
    int millis = (int) limit.toMillis();
    Map<String, Object> limits =
        Map.of("default.api.timeout.ms", millis, "request.timeout.ms", millis);
    try (Admin admin = Admin.create(properties(limits))) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
    Map<String, Object> producing = Map.of(
        "max.block.ms", millis,
        "request.timeout.ms", millis,
        "delivery.timeout.ms", millis,
        "linger.ms", 0);
    try (Producer<String, String> producer = producer(producing)) {
      producer.send(new ProducerRecord<>(topic, 0, "key", "value")).get(60, TimeUnit.SECONDS);
    }
  }

  Producer<String, String> producer(Map<String, Object> more) {
    Map<String, Object> properties = properties(more);
    properties.putIfAbsent("acks", "all");
    return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
  }

  Consumer<String, String> consumer(Map<String, Object> more) {
    return new KafkaConsumer<>(
        properties(more), new StringDeserializer(), new StringDeserializer());
  }

  /** Sends {@code values} to partition 0 and waits until all are acknowledged. */
  void send(String topic, String... values) throws Exception {
    try (Producer<String, String> producer = producer(Map.of())) {
      for (String value : values) {
        producer.send(new ProducerRecord<>(topic, 0, "key", value)).get(60, TimeUnit.SECONDS);
      }
    }
  }

  /** Reads partition 0 from its beginning until {@code count} values have been seen. */
  List<String> read(String topic, int count, String isolation) {
    try (Consumer<String, String> consumer = consumer(Map.of("isolation.level", isolation))) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      return poll(consumer, count);
    }
  }

  static List<String> poll(Consumer<String, String> consumer, int count) {
    List<String> values = new ArrayList<>();
    Awaitility.await("records of " + consumer.assignment())
        .pollInSameThread()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          for (ConsumerRecord<String, String> polled : consumer.poll(Duration.ofMillis(100))) {
            values.add(polled.value());
          }
          return values.size() >= count;
        });
    return values;
  }

  private Map<String, Object> properties(Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put("bootstrap.servers", bootstrapServers);
    return properties;
  }
}
