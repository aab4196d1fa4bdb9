package io.sirocco.worker.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.worker.reply.DurableWriter;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes the usage event of each request record. A copy, as after a crash between the event and the
 * commit, has the same id, by which it is counted once.
 *
 * <p>Thread-safe.
 */
public final class UsageMeter {
  private final DurableWriter writer;
  private final JsonCodec codec = new JsonCodec();

  /** Writes through {@code writer}. */
  public UsageMeter(DurableWriter writer) {
    this.writer = writer;
  }

  /** Completes when {@code event} is acknowledged. */
  public CompletionStage<Void> meter(UsageEvent event) {
    ProducerRecord<String, byte[]> usage =
        new ProducerRecord<>(Topics.USAGE, event.user(), codec.writeBytes(event));
    event.headers().forEach((name, value) -> usage.headers().add(name, value.getBytes(UTF_8)));
    return writer.write(usage);
  }
}
