package io.sirocco.worker.follow;

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
 * Reads a topic from its beginning on and for as long as it is there. What goes wrong is logged once
 * and tried again: nobody waits for it.
 *
 * <p>Confined to the thread that follows.
 */
public final class TopicFollower {
  private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);

  private final FollowedTopic.Look topic;
  private final Consumer<String, byte[]> consumer;
  private final TopicFold fold;
  private final String consequence;

  private @Nullable FollowedTopic followed;
  private Map<TopicPartition, Long> unread = Map.of();
  private @Nullable Class<?> reported;

  /**
   * Makes a follower that has read nothing yet.
   *
   * @param consumer without a group; stays the caller's
   * @param fold takes what is read
   * @param consequence what it means that the topic cannot be read, for the log
   */
  public TopicFollower(
      FollowedTopic.Look topic,
      Consumer<String, byte[]> consumer,
      TopicFold fold,
      String consequence) {
    this.topic = topic;
    this.consumer = consumer;
    this.fold = fold;
    this.consequence = consequence;
  }

  /**
   * Looks whether the topic is there, and waits for news on it if it is.
   *
   * @param limit how long it waits for them
   * @return false when there was nothing to wait for
   * @throws InterruptException when the thread is interrupted, as it may be while it waits
   */
  public boolean step(Duration limit) throws InterruptedException {
    try {
      Optional<FollowedTopic> found = topic.look();
      if (found.isEmpty()) {
        forget();
        return false;
      }
      follow(found.get());
      consumer.poll(limit).forEach(fold::take);
      if (isCaughtUp()) {
        fold.caughtUp();
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
      return false; // Brokers that are away come back; until then all is as it was.
    }
  }

  private void follow(FollowedTopic found) {
    if (found.equals(followed)) {
      return;
    }
    List<TopicPartition> partitions = found.partitions();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    unread = consumer.endOffsets(partitions);
    fold.clear();
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
    fold.lost();
  }

  private void report(KafkaException fault) {
    if (fault.getClass() != reported) {
      log.warn("a topic is not read, {}: {}", consequence, fault.toString());
      reported = fault.getClass();
    }
  }
}
