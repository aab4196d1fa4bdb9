package io.sirocco.worker.model.torch;

import io.sirocco.worker.model.ModelLoadException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Loads on a thread that ends with it.
 *
 * <p>OpenMP keeps a team of helpers for each thread that ever computed. While all of them together are
 * more than the processors, nobody waits actively for the next operation, and a step takes up to
 * twice as long. So whoever loads is not to stay beside the engine thread.
 *
 * <p>Stateless; thread-safe.
 */
final class LoadThread {
  private LoadThread() {}

  /** Calls {@code load} on the thread, passes interrupts on to it, and waits for its end. */
  static <T> T call(Callable<T> load) throws ModelLoadException {
    FutureTask<T> task = new FutureTask<>(load);
    Thread thread = new Thread(task, "load");
    thread.start();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // Nobody but the load can free what it has.
        thread.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return outcome(task);
  }

  private static <T> T outcome(FutureTask<T> task) throws ModelLoadException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ModelLoadException failure) {
        throw failure;
      } else if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      } else if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException("expected a model or a reason why there is none", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("expected no wait for a task that is done", e);
    }
  }
}
