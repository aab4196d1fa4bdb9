package io.sirocco.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.testkit.KafkaBroker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes usage events as a worker does.
 *
 * <p>Thread-safe.
 */
final class UsageSender implements AutoCloseable {
  private final JsonCodec codec = new JsonCodec();
  private final Producer<String, byte[]> producer;

  UsageSender(KafkaBroker broker) {
    producer = new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "linger.ms",
            5,
            // The topic is an instant old: of several batches on their way the first may fail and
            // the second be taken, and then the first is out of order until it expires.
            "max.in.flight.requests.per.connection",
            1),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  /** Sends the events in their order; returns when all are acknowledged. */
  void send(Collection<UsageEvent> events) {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (UsageEvent event : events) {
      ProducerRecord<String, byte[]> record =
          new ProducerRecord<>(Topics.USAGE, event.user(), codec.writeBytes(event));
      event.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
      sent.add(producer.send(record));
    }
    producer.flush();
    assertThat(sent).allSatisfy(acknowledged -> acknowledged.get());
  }

  @Override
  public void close() {
    producer.close();
  }
}
