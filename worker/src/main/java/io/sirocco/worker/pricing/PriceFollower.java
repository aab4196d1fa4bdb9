package io.sirocco.worker.pricing;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the prices of one model as {@code chat.prices} says them, from its beginning on and for as
 * long as it is there. What goes wrong is logged once and tried again: nobody waits for a price.
 *
 * <p>Confined to the prices thread.
 */
final class PriceFollower {
  private static final Logger log = LoggerFactory.getLogger(PriceFollower.class);

  private final PriceTopic.Look topic;
  private final Consumer<String, byte[]> consumer;
  private final PriceRecords records;
  private final ModelPrices prices;

  private @Nullable PriceTopic followed;
  private Map<TopicPartition, Long> unread = Map.of();
  private @Nullable Class<?> reported;

  /**
   * @param consumer without a group; stays the caller's
   * @param prices are kept
   */
  PriceFollower(
      PriceTopic.Look topic,
      Consumer<String, byte[]> consumer,
      PriceRecords records,
      ModelPrices prices) {
    this.topic = topic;
    this.consumer = consumer;
    this.records = records;
    this.prices = prices;
  }

  /**
   * Looks whether the topic is there, and waits for news on it if it is.
   *
   * @param limit how long it waits for them
   * @return false when there was nothing to wait for
   * @throws InterruptException when the thread is interrupted, as it may be while it waits
   */
  boolean step(Duration limit) throws InterruptedException {
    try {
      Optional<PriceTopic> found = topic.look();
      if (found.isEmpty()) {
        forget();
        return false;
      }
      follow(found.get());
      consumer.poll(limit).forEach(records::take);
      if (isCaughtUp()) {
        prices.replace(records.latest());
      }
      reported = null;
      return true;
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      report(e);
      if (e instanceof AuthorizationException) {
        forget();
      }
      return false; // Brokers that are away come back; until then the prices are what they were.
    }
  }

  private void follow(PriceTopic found) {
    if (found.equals(followed)) {
      return;
    }
    List<TopicPartition> partitions = found.partitions();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    unread = consumer.endOffsets(partitions);
    records.clear();
    followed = found;
  }

  /** Until then a record that was read may be older than the one that counts. */
  private boolean isCaughtUp() {
    if (unread.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      return false;
    }
    unread = Map.of();
    return true;
  }

  private void forget() {
    consumer.unsubscribe();
    followed = null;
    prices.replace(null);
  }

  private void report(KafkaException fault) {
    if (fault.getClass() != reported) {
      log.warn(
          "prices not read, answers may have no estimated cost topic={}: {}",
          Topics.PRICES,
          fault.toString());
      reported = fault.getClass();
    }
  }
}
