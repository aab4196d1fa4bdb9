package io.sirocco.worker.closing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes requests of one partition for one of its owners: first shuts out the owner before, and then
 * commits one transaction after the other, each with the usage events, the dead letters and the offset.
 *
 * <pre>
 *   NEW --begin--> READY --close--> COMMITTING --> READY
 *                    |                  |  unknown: the same commit again
 *                    +----> ABORTING <--+  refused or failed: abort, and the batch again
 *                              |
 *                              +--> OVER   fenced: the next owner has begun
 * </pre>
 *
 * <p>While nobody knows whether a commit was done, nothing else is: a new transaction would bill again
 * what may be billed already.
 *
 * <p>Thread-safe: work is done on the threads of an executor, one task at a time.
 */
public final class PartitionCloser {
  private static final Logger log = LoggerFactory.getLogger(PartitionCloser.class);

  private enum State {
    NEW,
    READY,
    COMMITTING,
    ABORTING,
    OVER
  }

  private final TopicPartition partition;
  private final Supplier<ClosingProducer> producers;
  private final Executor threads;
  private final Runnable beforeCommit;
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
  private @Nullable ClosingProducer producer;
  private BatchRecords records = new BatchRecords();
  private State state = State.NEW;

  /**
   * @param producers makes the producer of {@code partition}
   * @param threads runs what waits for the brokers
   * @param beforeCommit runs between sending the offset and the commit, where a fault is worst
   */
  public PartitionCloser(
      TopicPartition partition,
      Supplier<ClosingProducer> producers,
      Executor threads,
      Runnable beforeCommit) {
    this.partition = partition;
    this.producers = producers;
    this.threads = threads;
    this.beforeCommit = beforeCommit;
  }

  /**
   * Shuts out the earlier owner, and aborts what it left open: only then say the committed offsets what
   * is done. The stage fails when that cannot be done at all, as without the right to.
   */
  public CompletableFuture<CloseOutcome> begin() {
    return next(this::init);
  }

  /**
   * Closes {@code batch}. When that is to be done {@linkplain CloseOutcome#AGAIN again}, the same batch
   * comes next, with another group if need be.
   */
  public CompletableFuture<CloseOutcome> close(ClosingBatch batch) {
    return next(() -> attempt(batch));
  }

  /** Lets go of the partition, which is somebody else's, or will be. */
  public void end() {
    var unused = next(this::over);
  }

  /** Each task begins when the last one has ended. */
  private synchronized CompletableFuture<CloseOutcome> next(Supplier<CloseOutcome> task) {
    CompletableFuture<CloseOutcome> ended =
        last.handleAsync((outcome, fault) -> task.get(), threads);
    last = ended;
    return ended;
  }

  private CloseOutcome init() {
    if (state == State.OVER) {
      return CloseOutcome.OVER;
    }
    ClosingProducer made = producer == null ? producers.get() : producer;
    producer = made;
    try {
      made.init();
      state = State.READY;
      return CloseOutcome.DONE;
    } catch (RetriableException e) {
      return CloseOutcome.AGAIN;
    }
  }

  private CloseOutcome attempt(ClosingBatch batch) {
    ClosingProducer with = producer;
    if (state == State.OVER || with == null) {
      return CloseOutcome.OVER;
    }
    try {
      return attempt(with, batch);
    } catch (RuntimeException e) {
      return failed(with, batch, e);
    }
  }

  private CloseOutcome attempt(ClosingProducer with, ClosingBatch batch) {
    if (state == State.ABORTING) {
      with.abort();
      state = State.READY;
    }
    if (state == State.READY) {
      state = State.ABORTING; // That is what is to be done should anything fail.
      with.begin();
      records.send(batch, with);
      beforeCommit.run();
      state = State.COMMITTING;
    }
    with.commit();
    state = State.READY;
    records = new BatchRecords();
    return CloseOutcome.DONE;
  }

  private CloseOutcome failed(ClosingProducer with, ClosingBatch batch, RuntimeException fault) {
    if (!(fault instanceof KafkaException) || CloseFaults.isFenced(fault)) {
      log.warn("nothing can be closed any more partition={}", partition, fault);
      return over();
    }
    if (state == State.COMMITTING && fault instanceof TimeoutException) {
      log.warn("outcome of a commit is unknown, it is repeated partition={}", partition, fault);
      return CloseOutcome.AGAIN;
    }
    state = State.ABORTING;
    if (records.isMended()) {
      return attempt(batch);
    }
    if (CloseFaults.isRefused(fault)) {
      return aborted(with, CloseOutcome.REFUSED);
    }
    log.warn("requests not closed, trying again partition={}", partition, fault);
    return aborted(with, CloseOutcome.AGAIN);
  }

  /** Aborts at once, so that nobody waits for the transaction; if not now, then before the next. */
  private CloseOutcome aborted(ClosingProducer with, CloseOutcome outcome) {
    try {
      with.abort();
      state = State.READY;
      return outcome;
    } catch (RetriableException e) {
      return outcome;
    } catch (RuntimeException e) {
      log.warn("nothing can be closed any more partition={}", partition, e);
      return over();
    }
  }

  private CloseOutcome over() {
    state = State.OVER;
    ClosingProducer used = producer;
    producer = null;
    if (used != null) {
      used.close();
    }
    return CloseOutcome.OVER;
  }
}
