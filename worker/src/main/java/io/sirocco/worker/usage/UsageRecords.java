package io.sirocco.worker.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.UsageEvent;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes the usage event's record of each request record. A copy has the same id, by which it is counted
 * once.
 *
 * <p>Thread-safe.
 */
public final class UsageRecords {
  private final JsonCodec codec = new JsonCodec();

  /** Returns the record of {@code event}. */
  public ProducerRecord<String, byte[]> of(UsageEvent event) {
    ProducerRecord<String, byte[]> usage =
        new ProducerRecord<>(Topics.USAGE, event.user(), codec.writeBytes(event));
    event.headers().forEach((name, value) -> usage.headers().add(name, value.getBytes(UTF_8)));
    return usage;
  }
}
