package io.sirocco.worker.reply;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reply thread as one lane uses it: a fault of ours ends that answer, and no other.
 *
 * <p>Thread-safe.
 */
final class LaneThread {
  private static final Logger log = LoggerFactory.getLogger(LaneThread.class);

  private final Executor replyThread;
  private final String requestId;
  private final Runnable onFault;

  /**
   * @param replyThread runs its tasks one after the other
   * @param onFault ends the answer, on the reply thread
   */
  LaneThread(Executor replyThread, String requestId, Runnable onFault) {
    this.replyThread = replyThread;
    this.requestId = requestId;
    this.onFault = onFault;
  }

  /** Runs {@code task} on the reply thread, later. */
  void run(Runnable task) {
    replyThread.execute(() -> guard(task));
  }

  /** Runs {@code task}, which is on the reply thread already, at once. */
  void guard(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("answer cut short request={}", requestId, e);
      onFault.run();
    }
  }

  /**
   * Goes on with {@code next} on the reply thread when {@code done} is, or with {@code failed} when it
   * fails, which is told why. What failed at once goes on at once: the next piece must not wait for the
   * same fault again.
   */
  <T> void then(CompletionStage<T> done, Consumer<T> next, Consumer<Throwable> failed) {
    if (done.toCompletableFuture().isCompletedExceptionally()) {
      done.whenComplete((result, fault) -> goOn(result, fault, next, failed));
    } else {
      done.whenCompleteAsync((result, fault) -> goOn(result, fault, next, failed), replyThread);
    }
  }

  private <T> void goOn(
      T result, @Nullable Throwable fault, Consumer<T> next, Consumer<Throwable> failed) {
    guard(fault == null ? () -> next.accept(result) : () -> failed.accept(cause(fault)));
  }

  /** A stage that depends on one that failed wraps what that found. */
  private static Throwable cause(Throwable fault) {
    Throwable cause = fault instanceof CompletionException ? fault.getCause() : null;
    return cause == null ? fault : cause;
  }
}
