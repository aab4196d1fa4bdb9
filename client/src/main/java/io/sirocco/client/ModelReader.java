package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.contracts.model.ModelCatalog;
import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code chat.models} from its beginning and folds it, step by step.
 *
 * <p>{@link #look}, {@link #refuse} and {@link #catalog} are thread-safe; the rest is confined to the
 * directory's thread.
 */
final class ModelReader {
  private static final Logger LOG = LoggerFactory.getLogger(ModelReader.class);

  /** A wait for the place where the topic ended when it began. */
  private record Look(Map<TopicPartition, Long> ends, List<CompletableFuture<ModelCatalog>> done) {}

  private final Consumer<byte[], byte[]> consumer;
  private final JsonCodec codec;
  private final Queue<CompletableFuture<ModelCatalog>> asked = new ConcurrentLinkedQueue<>();
  private final List<Look> looks = new ArrayList<>();
  private volatile ModelCatalog catalog = ModelCatalog.EMPTY;

  ModelReader(Consumer<byte[], byte[]> consumer, JsonCodec codec) {
    this.consumer = consumer;
    this.codec = codec;
  }

  /** What was read so far. */
  ModelCatalog catalog() {
    return catalog;
  }

  /** Completes, in a later step, with a catalog that holds whatever was announced before the call. */
  CompletableFuture<ModelCatalog> look() {
    CompletableFuture<ModelCatalog> done = new CompletableFuture<>();
    asked.add(done);
    return done;
  }

  /** Fails the looks that nobody will take up any more. */
  void refuse() {
    for (var done = asked.poll(); done != null; done = asked.poll()) {
      done.completeExceptionally(
          new ClientClosedException("expected an open client, found a closed one"));
    }
  }

  /** Ends the reading: looks that are not answered fail. */
  void close() {
    looks.forEach(look -> asked.addAll(look.done()));
    looks.clear();
    refuse();
  }

  /** Whether there is nothing to read and nobody who asks; the topic may not exist yet. */
  boolean isIdle() {
    return consumer.assignment().isEmpty() && asked.isEmpty();
  }

  /** Takes up what is asked, polls once, and answers what can be answered. */
  void step(Duration timeout) {
    if (!asked.isEmpty()) {
      begin();
    }
    if (!consumer.assignment().isEmpty()) {
      consumer.poll(timeout).forEach(this::accept);
      looks.removeIf(this::isAnswered);
    }
  }

  private void begin() {
    List<CompletableFuture<ModelCatalog>> batch = new ArrayList<>();
    for (var next = asked.poll(); next != null; next = asked.poll()) {
      batch.add(next);
    }
    try {
      if (consumer.assignment().isEmpty()) {
        assign();
      }
      Look look = new Look(consumer.endOffsets(consumer.assignment()), batch);
      if (!isAnswered(look)) {
        looks.add(look);
      }
    } catch (RuntimeException e) {
      // They are taken up again in the next step.
      asked.addAll(batch);
      throw e;
    }
  }

  /** A topic that does not exist has no partitions: then there is nothing to read, and no model. */
  private void assign() {
    Collection<TopicPartition> partitions = consumer.partitionsFor(Topics.MODELS).stream()
        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
        .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  private boolean isAnswered(Look look) {
    boolean reached = look.ends().entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    if (reached) {
      look.done().forEach(done -> done.complete(catalog));
    }
    return reached;
  }

  /** One record's fault is not to hide the other models. */
  private void accept(ConsumerRecord<byte[], byte[]> kafkaRecord) {
    if (kafkaRecord.key() == null) {
      return;
    }
    String key = new String(kafkaRecord.key(), UTF_8);
    if (kafkaRecord.value() == null) {
      catalog = catalog.without(key);
      return;
    }
    try {
      ModelAnnouncement announcement = codec.read(kafkaRecord.value(), ModelAnnouncement.class);
      if (announcement.key().equals(key)) {
        catalog = catalog.with(announcement);
      } else {
        LOG.warn("Expected key '{}' of an announcement, found '{}'", announcement.key(), key);
      }
    } catch (MalformedJsonException e) {
      LOG.warn("Announcement of '{}' cannot be read: {}", key, e.getMessage());
    }
  }
}
