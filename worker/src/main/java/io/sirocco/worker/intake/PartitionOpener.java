package io.sirocco.worker.intake;

import io.sirocco.worker.closing.CloseOutcome;
import io.sirocco.worker.closing.PartitionCloser;
import io.sirocco.worker.offsets.CommitMetadata;
import io.sirocco.worker.offsets.OffsetLedger;
import io.sirocco.worker.offsets.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens partitions that were assigned: shuts out the earlier owner, and only then asks what that has
 * committed. Until then they stay paused.
 *
 * <p>A partition of which nothing was ever committed is read from its beginning.
 *
 * <p>Confined to the intake thread.
 */
final class PartitionOpener {
  private static final Logger log = LoggerFactory.getLogger(PartitionOpener.class);

  /** Polling waits meanwhile; heartbeats do not. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A partition that is not open yet. */
  private static final class Opening {
    private final PartitionCloser closer;
    private ConsumerGroupMetadata group;
    private CompletableFuture<CloseOutcome> begun;
    private long notBefore;

    Opening(PartitionCloser closer, ConsumerGroupMetadata group, long notBefore) {
      this.closer = closer;
      this.group = group;
      this.begun = closer.begin();
      this.notBefore = notBefore;
    }

    boolean isFenced() {
      try {
        if (begun.isDone() && begun.join() == CloseOutcome.AGAIN) {
          begun = closer.begin();
        }
        return begun.isDone() && begun.join() == CloseOutcome.DONE;
      } catch (CompletionException e) {
        throw new KafkaException(
            "expected to begin transactions, found: " + e.getCause(), e.getCause());
      }
    }
  }

  private final Consumer<String, byte[]> consumer;
  private final Function<TopicPartition, PartitionCloser> closers;
  private final Supplier<String> writerNames;
  private final GroupProtocol protocol;
  private final IntakeClock clock;
  private final Map<TopicPartition, Opening> openings = new LinkedHashMap<>();

  /**
   * @param closers makes the closer of one assignment
   * @param writerNames makes a name that was never used before, one for each assignment
   */
  PartitionOpener(
      Consumer<String, byte[]> consumer,
      Function<TopicPartition, PartitionCloser> closers,
      Supplier<String> writerNames,
      GroupProtocol protocol,
      IntakeClock clock) {
    this.consumer = consumer;
    this.closers = closers;
    this.writerNames = writerNames;
    this.protocol = protocol;
    this.clock = clock;
  }

  /** Begins to open {@code partitions}, which were just assigned. */
  void begin(Collection<TopicPartition> partitions) {
    consumer.pause(partitions);
    ConsumerGroupMetadata group = consumer.groupMetadata();
    if (protocol == GroupProtocol.CLASSIC) { // Of those that are still being opened it is stale.
      openings.values().forEach(opening -> opening.group = group);
    }
    long now = clock.nanos().getAsLong();
    for (TopicPartition partition : partitions) {
      // Without a place the consumer would look for one, and what it finds out later, as that
      // nothing was ever committed, would be thrown when the partition has long been open.
      consumer.seek(partition, 0);
      openings.put(partition, new Opening(closers.apply(partition), group, now));
    }
  }

  /** Gives up on {@code partition}, if it is being opened. */
  void forget(TopicPartition partition) {
    Opening opening = openings.remove(partition);
    if (opening != null) {
      opening.closer.end();
    }
  }

  /** Whether partitions are being opened. */
  boolean isBusy() {
    return !openings.isEmpty();
  }

  /**
   * Returns the partitions that are open now; the consumer is where they go on.
   *
   * @throws KafkaException when the brokers refuse it for good
   */
  List<AssignedPartition> open() {
    long now = clock.nanos().getAsLong();
    List<AssignedPartition> opened = new ArrayList<>();
    // One at a time, so that a partition that nobody leads keeps no other one closed.
    for (Map.Entry<TopicPartition, Opening> each : List.copyOf(openings.entrySet())) {
      Opening opening = each.getValue();
      if (now - opening.notBefore >= 0 && opening.isFenced()) {
        try {
          opened.add(look(each.getKey()));
        } catch (RetriableException e) {
          log.debug("offsets are not known yet partition={}", each.getKey(), e);
          opening.notBefore = clock.nanos().getAsLong() + AGAIN_NANOS;
        }
      }
    }
    return opened;
  }

  private AssignedPartition look(TopicPartition partition) {
    Set<TopicPartition> alone = Set.of(partition);
    long beginning = consumer.beginningOffsets(alone, LOOK).getOrDefault(partition, 0L);
    long end = consumer.endOffsets(alone, LOOK).getOrDefault(partition, Long.MAX_VALUE);
    return open(partition, beginning, end, consumer.committed(alone, LOOK).get(partition));
  }

  private AssignedPartition open(
      TopicPartition partition, long beginning, long end, @Nullable OffsetAndMetadata committed) {
    Opening opening = openings.remove(partition);
    if (opening == null) {
      throw new IllegalStateException("expected a partition being opened, found " + partition);
    }
    Progress progress = progress(partition, beginning, committed);
    OffsetLedger ledger = new OffsetLedger(progress, CommitMetadata.BROKER_DEFAULT_CHARS);
    long from = Math.max(progress.watermark(), beginning);
    ledger.skipTo(from);
    if (from > progress.watermark()) {
      log.warn(
          "requests are gone unanswered partition={} committed={} beginning={}",
          partition,
          progress.watermark(),
          beginning);
    }
    consumer.seek(partition, from);
    log.info("opened partition={} offset={} openAbove={}", partition, from, progress.open());
    return new AssignedPartition(
        partition,
        writerNames.get(),
        opening.group.generationId(),
        end,
        ledger,
        new ClosingQueue(opening.closer, protocol, opening.group, clock));
  }

  private static Progress progress(
      TopicPartition partition, long beginning, @Nullable OffsetAndMetadata committed) {
    if (committed == null) {
      return Progress.at(beginning);
    }
    return CommitMetadata.read(committed.offset(), committed.metadata()).orElseGet(() -> {
      log.warn(
          "the text beside a committed offset is not ours, what is done above is done again"
              + " partition={} offset={}",
          partition,
          committed.offset());
      return Progress.at(committed.offset());
    });
  }
}
