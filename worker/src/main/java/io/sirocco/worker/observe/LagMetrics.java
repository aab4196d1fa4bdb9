package io.sirocco.worker.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.sirocco.worker.intake.IntakeStanding;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a worker is behind, from the ends of its partitions: the consumer does not know them while a
 * partition is paused, which is when it matters.
 *
 * <p>Thread-safe; {@link #look} is for one thread.
 */
final class LagMetrics {
  private static final Logger log = LoggerFactory.getLogger(LagMetrics.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final ListOffsetsOptions COMMITTED =
      new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);

  private final Admin admin;
  private final Supplier<IntakeStanding> standing;
  private final DoubleSupplier busySeconds;
  private final LongSupplier answered;
  private final InstantSource clock;
  private final Backlog backlog = new Backlog();

  /**
   * @param admin asks the brokers
   * @param standing where the intake is
   * @param busySeconds how long the engine has computed
   * @param answered how many requests have ended
   */
  LagMetrics(
      Admin admin,
      Supplier<IntakeStanding> standing,
      DoubleSupplier busySeconds,
      LongSupplier answered,
      InstantSource clock) {
    this.admin = admin;
    this.standing = standing;
    this.busySeconds = busySeconds;
    this.answered = answered;
    this.clock = clock;
  }

  void bindTo(MeterRegistry registry, Tags tags) {
    Gauge.builder("sirocco.lag.records", backlog, Backlog::records)
        .tags(tags)
        .description("Requests of the worker's partitions that are not closed")
        .strongReference(true)
        .register(registry);
    Gauge.builder("sirocco.lag.seconds", backlog, Backlog::seconds)
        .tags(tags)
        .description("How long this worker will need for them")
        .strongReference(true)
        .register(registry);
    Gauge.builder("sirocco.partitions.assigned", () -> {
          IntakeStanding now = standing.get();
          return now.partitions().size() + now.fenced();
        })
        .tags(tags)
        .description("Partitions of the request topic that the worker has")
        .register(registry);
    Gauge.builder("sirocco.partitions.fenced", () -> standing.get().fenced())
        .tags(tags)
        .description("Of those, the ones in which it can close nothing any more")
        .register(registry);
  }

  /** Asks the brokers how far behind the worker is. */
  void look() {
    IntakeStanding now = standing.get();
    try {
      backlog.look(
          busySeconds.getAsDouble(), answered.getAsLong(), lag(now.partitions()), oldest(now));
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      log.debug("lag is not known now cause={}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private double oldest(IntakeStanding now) {
    return now.oldestMillis() == Long.MAX_VALUE
        ? 0
        : Math.max(0, clock.millis() - now.oldestMillis()) / 1000.0;
  }

  private long lag(Map<TopicPartition, IntakeStanding.Partition> partitions)
      throws ExecutionException, InterruptedException, TimeoutException {
    if (partitions.isEmpty()) {
      return 0;
    }
    Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
    long lag = 0;
    for (Map.Entry<TopicPartition, IntakeStanding.Partition> each : partitions.entrySet()) {
      lag += each.getValue()
          .lag(begins.getOrDefault(each.getKey(), 0L), ends.getOrDefault(each.getKey(), 0L));
    }
    return lag;
  }

  private Map<TopicPartition, Long> offsets(
      Map<TopicPartition, IntakeStanding.Partition> partitions, OffsetSpec which)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.keySet().forEach(partition -> asked.put(partition, which));
    Map<TopicPartition, ListOffsetsResultInfo> found =
        admin.listOffsets(asked, COMMITTED).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    Map<TopicPartition, Long> offsets = new HashMap<>();
    found.forEach((partition, offset) -> offsets.put(partition, offset.offset()));
    return offsets;
  }
}
