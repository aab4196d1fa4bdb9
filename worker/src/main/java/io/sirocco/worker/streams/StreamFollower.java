package io.sirocco.worker.streams;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.follow.FollowedTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code chat.streams} from its beginning and goes on reading, and says when it has read all that
 * was there at a certain moment.
 *
 * <p>Of the records of other models' requests nothing is kept.
 *
 * <p>Confined to the streams thread, but for {@link #caughtUp}.
 */
final class StreamFollower {
  private static final Logger log = LoggerFactory.getLogger(StreamFollower.class);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofMillis(20);

  /** Makes the topic if it is missing. */
  @FunctionalInterface
  interface Make {
    /**
     * Makes it.
     *
     * @throws KafkaException when it cannot be made
     */
    void run() throws InterruptedException;
  }

  private record Barrier(Map<TopicPartition, Long> ends, CompletableFuture<Void> reached) {}

  private final FollowedTopic.Look topic;
  private final Make make;
  private final Consumer<String, byte[]> consumer;
  private final String requestTopic;
  private final KnownStreams known;
  private final JsonCodec codec = new JsonCodec();
  private final Queue<CompletableFuture<Void>> asked = new ConcurrentLinkedQueue<>();
  private final List<Barrier> barriers = new ArrayList<>();
  private @Nullable FollowedTopic followed;
  private boolean reported;

  /**
   * @param topic is looked for when it cannot be read
   * @param make makes it where it is missing
   * @param consumer without a group; stays the caller's
   * @param requestTopic whose requests count
   */
  StreamFollower(
      FollowedTopic.Look topic,
      Make make,
      Consumer<String, byte[]> consumer,
      String requestTopic,
      KnownStreams known) {
    this.topic = topic;
    this.make = make;
    this.consumer = consumer;
    this.requestTopic = requestTopic;
    this.known = known;
  }

  /** Completes when all is read that is there when this is called; on any thread. */
  CompletableFuture<Void> caughtUp() {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    asked.add(reached);
    consumer.wakeup();
    return reached;
  }

  /**
   * Reads what is new, for which it waits at most {@code limit}.
   *
   * @return false when nothing can be read now
   * @throws InterruptException when the thread is interrupted
   * @throws InterruptedException as well
   */
  boolean step(Duration limit) throws InterruptedException {
    try {
      if (followed == null && !follow()) {
        giveUp();
        make.run();
        return false;
      }
      setBarriers();
      barriers.removeIf(this::isReached);
      consumer.poll(barriers.isEmpty() ? limit : SOON).forEach(this::take);
      barriers.removeIf(this::isReached);
      reported = false;
      return true;
    } catch (WakeupException e) {
      return true; // Somebody asks.
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      report(e);
      if (e instanceof AuthorizationException || isGone()) {
        giveUp();
      }
      return false;
    }
  }

  /** Begins with the topic as it is now, if there is one. */
  private boolean follow() throws InterruptedException {
    Optional<FollowedTopic> found = topic.look();
    if (found.isPresent()) {
      List<TopicPartition> partitions = found.get().partitions();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    }
    followed = found.orElse(null);
    return found.isPresent();
  }

  /** Whether the topic is not there any more, or is another: it is looked for anew then. */
  private boolean isGone() throws InterruptedException {
    try {
      if (topic.look().equals(Optional.ofNullable(followed))) {
        return false;
      }
    } catch (KafkaException e) {
      return false; // Brokers that are away come back.
    }
    consumer.unsubscribe();
    followed = null;
    return true;
  }

  private void setBarriers() {
    List<CompletableFuture<Void>> fresh = new ArrayList<>();
    CompletableFuture<Void> next;
    while ((next = asked.poll()) != null) {
      fresh.add(next);
    }
    if (fresh.isEmpty()) {
      return;
    }
    try {
      Map<TopicPartition, Long> ends =
          new HashMap<>(consumer.endOffsets(consumer.assignment(), LOOK));
      fresh.forEach(reached -> barriers.add(new Barrier(ends, reached)));
    } catch (KafkaException e) {
      asked.addAll(fresh);
      throw e;
    }
  }

  private boolean isReached(Barrier barrier) {
    boolean reached = barrier.ends().entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey(), LOOK) >= end.getValue());
    return reached && barrier.reached().complete(null);
  }

  private void take(ConsumerRecord<String, byte[]> entry) {
    if (entry.key() == null) {
      return;
    }
    try {
      RequestKey key = codec.read(entry.key(), RequestKey.class);
      if (entry.value() == null) {
        known.remove(key);
        return;
      }
      StreamLocation location = codec.read(entry.value(), StreamLocation.class);
      if (location.requestTopic().equals(requestTopic)) {
        known.put(key, location);
      }
    } catch (MalformedJsonException e) {
      log.warn(
          "an entry is skipped, it cannot be read topic={} partition={} offset={}: {}",
          Topics.STREAMS,
          entry.partition(),
          entry.offset(),
          e.getMessage());
    }
  }

  private void report(KafkaException fault) {
    if (!reported) {
      log.warn(
          "topic cannot be read, repeats of requests wait or are not recognised topic={}: {}",
          Topics.STREAMS,
          fault.toString());
      reported = true;
    }
  }

  /** Who may not read the topic answers all the same. */
  void giveUp() {
    CompletableFuture<Void> next;
    while ((next = asked.poll()) != null) {
      next.complete(null);
    }
    barriers.forEach(barrier -> barrier.reached().complete(null));
    barriers.clear();
  }
}
