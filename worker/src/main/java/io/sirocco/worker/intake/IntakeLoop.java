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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls requests, hands them to the engine, and commits the offsets of those that are done.
 *
 * <p>Polling never stops, because the group takes a member that does not poll for dead. When the
 * engine has no more room for a partition, that is paused instead; what was polled already waits here.
 *
 * <p>A partition that is revoked takes its requests along: whoever gets it next reads them again from
 * the committed offset, and goes on with the answers that were begun. A partition that was lost belongs
 * to somebody else already, so nothing is written any more.
 *
 * <p>Confined to the intake thread; a test can step it on its own.
 */
public final class IntakeLoop implements ConsumerRebalanceListener {
  /** Others wait for the partitions meanwhile. */
  private static final Duration HANDOVER = Duration.ofSeconds(3);

  /** Nothing is polled meanwhile. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(IntakeLoop.class);

  private final Consumer<String, byte[]> consumer;
  private final RequestDispatcher dispatcher;
  private final EngineInbox inbox;
  private final RequestCloser closer;
  private final Supplier<String> writerNames;
  private final Map<TopicPartition, AssignedPartition> assigned = new HashMap<>();
  private final Queue<InFlight> done = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
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
    runTasks();
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
    InFlight record =
        new InFlight(owner, request, inbox, closer, tasks::add, dispatcher::resume, done::add);
    owner.open(record);
    dispatcher.dispatch(record);
  }

  private void runTasks() {
    Runnable task;
    while ((task = tasks.poll()) != null) {
      task.run();
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
    Map<TopicPartition, Long> ends = ends(partitions);
    for (TopicPartition partition : partitions) {
      long end = ends.getOrDefault(partition, Long.MAX_VALUE);
      String writer = writerNames.get();
      assigned.put(
          partition,
          new AssignedPartition(partition, writer, epoch, end, () -> prove(partition, writer)));
    }
    if (draining) {
      consumer.pause(partitions);
    }
  }

  /** Where the partitions end; what is not known counts as beyond everything, and is claimed. */
  private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
    try {
      return partitions.isEmpty() ? Map.of() : consumer.endOffsets(partitions, LOOK);
    } catch (KafkaException e) {
      log.warn("ends not known, all requests are claimed partitions={}", partitions, e);
      return Map.of();
    }
  }

  /** May be called on any thread. */
  private CompletionStage<Boolean> prove(TopicPartition partition, String writer) {
    CompletableFuture<Boolean> proved = new CompletableFuture<>();
    tasks.add(() -> {
      AssignedPartition owned = assigned.get(partition);
      if (owned == null || !owned.writer().equals(writer)) {
        proved.complete(false);
        return;
      }
      commits.prove(owned).whenComplete((result, fault) -> {
        if (fault == null) {
          proved.complete(result);
        } else {
          proved.completeExceptionally(fault);
        }
      });
    });
    return proved;
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    log.info("revoked partitions={}", partitions);
    release(partitions);
    settle();
    commits.commitNow(partitions);
    letGo(partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    log.warn("lost partitions={}", partitions);
    letGo(partitions);
  }

  /** Lets go of what was begun while the partitions are still this worker's, so that no heir waits. */
  private void release(Collection<TopicPartition> partitions) {
    List<CompletableFuture<Void>> settled = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      AssignedPartition owned = assigned.get(partition);
      if (owned != null) {
        owned.inFlight().forEach(record -> settled.add(record.release()));
      }
    }
    try {
      CompletableFuture.allOf(settled.toArray(CompletableFuture[]::new))
          .get(HANDOVER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.warn("answers were not let go of within {} of a revocation", HANDOVER);
    } catch (ExecutionException e) {
      log.warn("answers were not let go of before a revocation", e);
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

  /** Lets go of what is in progress, commits what is done and leaves the group. */
  void close() {
    consumer.close();
  }
}
