package io.sirocco.streams.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

@OnEmbeddedKafka
class DeadLetterCountsIT {
  @Test
  void recordsCountAndMarksOfTransactionsDoNot(KafkaBroker broker) throws Exception {
    Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(properties)) {
      admin
          .createTopics(List.of(
              new NewTopic("counted-dlt", 2, (short) 1), new NewTopic("counted", 1, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    try (Producer<String, String> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "counted"),
        new StringSerializer(),
        new StringSerializer())) {
      producer.initTransactions();
      for (int i = 0; i < 3; i++) {
        producer.beginTransaction();
        var letter = producer.send(new ProducerRecord<>("counted-dlt", i % 2, "k", "v"));
        var other = producer.send(new ProducerRecord<>("counted", "k", "v"));
        producer.commitTransaction();
        assertThat(letter).isDone();
        assertThat(other).isDone();
      }
    }

    try (DeadLetterCounts counts = new DeadLetterCounts(properties)) {
      assertThat(counts.get()).containsEntry("counted-dlt", 3L).doesNotContainKey("counted");
      // Asked again at once, nothing is counted twice.
      assertThat(counts.get()).containsEntry("counted-dlt", 3L);
    }
  }
}
