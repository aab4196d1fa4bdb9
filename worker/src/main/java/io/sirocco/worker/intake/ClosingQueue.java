package io.sirocco.worker.intake;

import io.sirocco.worker.closing.CloseOutcome;
import io.sirocco.worker.closing.Closing;
import io.sirocco.worker.closing.ClosingBatch;
import io.sirocco.worker.closing.PartitionCloser;
import io.sirocco.worker.offsets.OffsetLedger;
import io.sirocco.worker.offsets.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What is to be closed in one assignment of a partition: groups what is done at about the same time,
 * one transaction after the other. A transaction that is lost is repeated and never overtaken, so that
 * the committed offset never goes back.
 *
 * <p>Each transaction is committed in the name under which the partition was assigned. The brokers ask
 * only whether they know the member by that name, not whose the partition is, so a newer name would do
 * for a partition that is somebody else's. In the classic protocol any rebalance makes the name stale;
 * then those that keep the partition {@linkplain #renew get} a new one.
 *
 * <p>Confined to the intake thread, but for {@link #prove}.
 */
final class ClosingQueue {
  /** Closing one by one would meet the markers of the transaction before, and wait for them. */
  private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final int MOST_RECORDS = 256;
  private static final long MOST_BYTES = 4 << 20;
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What is in one transaction, and in each of its repetitions. */
  private record Batch(
      List<InFlight> records, Progress progress, List<CompletableFuture<Boolean>> proofs) {}

  private final PartitionCloser closer;
  private final GroupProtocol protocol;
  private final IntakeClock clock;
  private final List<InFlight> waiting = new ArrayList<>();
  private final Queue<CompletableFuture<Boolean>> proofs = new ConcurrentLinkedQueue<>();
  private ConsumerGroupMetadata group;
  private int renewals;
  private int renewalsAtSending;
  private @Nullable Batch batch;
  private @Nullable CompletableFuture<CloseOutcome> outcome;
  private long notBefore;
  private boolean refused;
  private volatile boolean over;

  /**
   * @param group in whose name the partition was assigned
   */
  ClosingQueue(
      PartitionCloser closer,
      GroupProtocol protocol,
      ConsumerGroupMetadata group,
      IntakeClock clock) {
    this.closer = closer;
    this.protocol = protocol;
    this.group = group;
    this.clock = clock;
    this.notBefore = clock.nanos().getAsLong();
  }

  /** Takes a record that has its closing. */
  void add(InFlight record) {
    waiting.add(record);
  }

  /**
   * Asks the brokers, not before this is called, whether the partition is still this assignment's;
   * false when it is not. On any thread.
   */
  CompletionStage<Boolean> prove() {
    CompletableFuture<Boolean> proof = new CompletableFuture<>();
    proofs.add(proof);
    if (over) { // Perhaps just now, and nobody looks into the queue any more.
      proof.complete(false);
    }
    return proof;
  }

  /** Takes the name of a rebalance in which the partition was kept. */
  void renew(ConsumerGroupMetadata renewed) {
    if (protocol == GroupProtocol.CLASSIC) {
      group = renewed;
      refused = false;
      renewals++;
    }
  }

  /** Whether nothing can be closed any more. */
  boolean isOver() {
    return over;
  }

  /**
   * Does what can be done now.
   *
   * @param ledger is told of what goes into a transaction
   * @param closed is told of each record when its transaction is done
   */
  void advance(OffsetLedger ledger, Consumer<InFlight> closed) {
    settle(closed);
    boolean wanted = batch != null || !waiting.isEmpty() || !proofs.isEmpty();
    long now = clock.nanos().getAsLong();
    if (wanted && outcome == null && !over && !refused && now - notBefore >= 0) {
      notBefore = now + APART_NANOS;
      Batch next = batch == null ? nextBatch(ledger) : batch;
      batch = next;
      outcome = send(next);
      settle(closed);
    }
  }

  private Batch nextBatch(OffsetLedger ledger) {
    List<CompletableFuture<Boolean>> asked = new ArrayList<>();
    CompletableFuture<Boolean> proof;
    while ((proof = proofs.poll()) != null) {
      asked.add(proof);
    }
    List<InFlight> first = waiting.subList(0, fitting());
    first.forEach(record -> ledger.complete(record.request().offset()));
    Batch taken = new Batch(List.copyOf(first), ledger.progress(), asked);
    first.clear();
    return taken;
  }

  /** A transaction that takes too long is aborted by the brokers, and would be the next time, too. */
  private int fitting() {
    long bytes = 0;
    int count = 0;
    while (count < waiting.size() && count < MOST_RECORDS && bytes < MOST_BYTES) {
      bytes += Math.max(0, waiting.get(count++).request().serializedValueSize());
    }
    return count;
  }

  private CompletableFuture<CloseOutcome> send(Batch sent) {
    List<Closing> closings = new ArrayList<>();
    sent.records().forEach(record -> record.closing().ifPresent(closings::add));
    renewalsAtSending = renewals;
    return closer.close(new ClosingBatch(closings, sent.progress(), group)).thenApply(ended -> {
      if (ended == CloseOutcome.DONE) { // At once: answers wait for it.
        sent.proofs().forEach(proof -> proof.complete(true));
      }
      return ended;
    });
  }

  private void settle(Consumer<InFlight> closed) {
    CompletableFuture<CloseOutcome> ended = outcome;
    Batch sent = batch;
    if (ended == null || sent == null || !ended.isDone()) {
      return;
    }
    outcome = null;
    switch (ended.join()) {
      case DONE -> {
        batch = null;
        sent.records().forEach(closed);
      }
      case AGAIN -> notBefore = clock.nanos().getAsLong() + AGAIN_NANOS;
      case REFUSED -> {
        refused = renewalsAtSending == renewals; // Otherwise it was of the name before.
        if (protocol == GroupProtocol.CONSUMER) {
          end();
        }
      }
      case OVER -> end();
    }
  }

  /** Closes nothing more: the partition is somebody else's, or will be. */
  void end() {
    if (over) {
      return;
    }
    over = true;
    closer.end();
    Batch open = batch;
    if (open != null) {
      open.proofs().forEach(proof -> proof.complete(false));
    }
    CompletableFuture<Boolean> proof;
    while ((proof = proofs.poll()) != null) {
      proof.complete(false);
    }
  }
}
