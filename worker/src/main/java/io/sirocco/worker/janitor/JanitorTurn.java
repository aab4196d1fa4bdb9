package io.sirocco.worker.janitor;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;

/**
 * Decides whose turn it is: of all workers, whoever the group coordinator gives the first partition
 * of {@code chat.models}. Its records are not looked at.
 *
 * <p>A worker that was cut off may still think that it is its turn for as long as a session lasts.
 * Then two sweep, which deletes nothing that one would not.
 *
 * <p>Confined to the janitor's thread.
 */
final class JanitorTurn implements AutoCloseable {
  /** The consumer group of all janitors. */
  static final String GROUP = "sirocco-janitor";

  private static final TopicPartition TURN = new TopicPartition(Topics.MODELS, 0);
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final Consumer<byte[], byte[]> consumer;

  /** @param consumer made with {@link #properties}; this object's from now on */
  JanitorTurn(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
    consumer.subscribe(List.of(Topics.MODELS));
  }

  /** What its consumer needs, beside the address of the broker and deserialisers. */
  static Map<String, Object> properties() {
    return Map.of(
        ConsumerConfig.GROUP_ID_CONFIG,
        GROUP,
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "latest",
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
        false,
        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
        false);
  }

  /** Whether it is this worker's turn, after it has listened that long. */
  boolean isMine(Duration wait) {
    consumer.poll(wait);
    return consumer.assignment().contains(TURN);
  }

  /** Lets another worker have the turn. */
  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(CLOSE));
  }
}
