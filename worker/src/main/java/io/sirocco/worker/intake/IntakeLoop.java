package io.sirocco.worker.intake;

import io.sirocco.worker.engine.api.EngineInbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls requests, hands them to the engine, and commits the offsets of those that are done.
 *
 * <p>Polling never stops, because the group takes a member that does not poll for dead. When the
 * engine has no more room for a partition, that is paused instead; what was polled already waits here.
 *
 * <p>A partition that is revoked takes its requests along: answers that were begun end with an error,
 * and whoever gets the partition next reads the others again from the committed offset. A partition that
 * was lost belongs to somebody else already, so nothing is written any more.
 *
 * <p>Confined to the intake thread; a test can step it on its own.
 */
public final class IntakeLoop implements ConsumerRebalanceListener {
  /** Others wait for the partitions meanwhile. */
  private static final Duration HANDOVER = Duration.ofSeconds(3);

  private static final Logger log = LoggerFactory.getLogger(IntakeLoop.class);

  private final Consumer<String, byte[]> consumer;
  private final RequestDispatcher dispatcher;
  private final EngineInbox inbox;
  private final RequestCloser closer;
  private final Supplier<String> writerNames;
  private final Map<TopicPartition, AssignedPartition> assigned = new HashMap<>();
  private final Queue<InFlight> done = new ConcurrentLinkedQueue<>();
  private final OffsetCommits commits;
  private boolean draining;

  /**
   * Makes a loop over the partitions that {@code consumer} gets of {@code requestTopic}.
   *
   * @param writerNames makes a name that was never used before, one for each assignment
   */
  public IntakeLoop(
      Consumer<String, byte[]> consumer,
      String requestTopic,
      RequestDispatcher dispatcher,
      EngineInbox inbox,
      RequestCloser closer,
      Supplier<String> writerNames) {
    this.consumer = consumer;
    this.dispatcher = dispatcher;
    this.inbox = inbox;
    this.closer = closer;
    this.writerNames = writerNames;
    this.commits = new OffsetCommits(consumer, assigned);
    consumer.subscribe(List.of(requestTopic), this);
  }

  /** Polls once, for at most {@code timeout}, and does what there is to do. */
  void step(Duration timeout) {
    for (ConsumerRecord<String, byte[]> request : consumer.poll(timeout)) {
      accept(request);
    }
    settle();
    submitPending();
    commits.commit();
  }

  private void accept(ConsumerRecord<String, byte[]> request) {
    TopicPartition partition = new TopicPartition(request.topic(), request.partition());
    AssignedPartition owner = assigned.get(partition);
    if (owner == null) {
      throw new IllegalStateException("expected an assigned partition, found " + partition);
    }
    InFlight record = new InFlight(owner, request, inbox, closer, done::add);
    owner.open(record);
    dispatcher.dispatch(record);
    if (!record.choices().isEmpty()) {
      owner.pending().add(record);
    }
  }

  private void settle() {
    InFlight record;
    while ((record = done.poll()) != null) {
      record.partition().complete(record);
    }
  }

  private void submitPending() {
    if (!draining) {
      assigned.values().forEach(this::submitPending);
    }
  }

  /** Each partition has its own room in the inbox: one that has too much does not hold up others. */
  private void submitPending(AssignedPartition owner) {
    Deque<InFlight> pending = owner.pending();
    while (!pending.isEmpty()) {
      if (!inbox.offer(pending.element().choices())) {
        consumer.pause(List.of(owner.partition()));
        return;
      }
      pending.remove();
    }
    consumer.resume(List.of(owner.partition()));
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    log.info("assigned partitions={}", partitions);
    int epoch = consumer.groupMetadata().generationId();
    for (TopicPartition partition : partitions) {
      assigned.put(partition, new AssignedPartition(partition, writerNames.get(), epoch));
    }
    if (draining) {
      consumer.pause(partitions);
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    log.info("revoked partitions={}", partitions);
    interrupt(partitions);
    settle();
    commits.commitNow(partitions);
    letGo(partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    log.warn("lost partitions={}", partitions);
    letGo(partitions);
  }

  /** Ends what was begun while the partitions are still this worker's, so that no reader waits. */
  private void interrupt(Collection<TopicPartition> partitions) {
    List<CompletableFuture<Void>> settled = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      AssignedPartition owned = assigned.get(partition);
      if (owned != null) {
        owned.inFlight().forEach(record -> settled.add(record.interrupt()));
      }
    }
    try {
      CompletableFuture.allOf(settled.toArray(CompletableFuture[]::new))
          .get(HANDOVER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.warn("answers were not ended within {} of a revocation", HANDOVER);
    } catch (ExecutionException e) {
      log.warn("answers were not ended before a revocation", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void letGo(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      AssignedPartition owned = assigned.remove(partition);
      if (owned != null) {
        owned.inFlight().forEach(InFlight::abandon);
      }
    }
  }

  /** Takes no more requests; what waits for room in the engine is left to the next owner. */
  void drain() {
    draining = true;
    consumer.pause(consumer.assignment());
  }

  /** Whether requests are still being answered, those aside that wait for room in the engine. */
  boolean isBusy() {
    return assigned.values().stream()
        .anyMatch(owned -> owned.inFlight().size() > owned.pending().size());
  }

  /** Ends what is in progress, commits what is done and leaves the group. */
  void close() {
    consumer.close();
  }
}
