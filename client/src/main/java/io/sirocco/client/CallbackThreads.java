package io.sirocco.client;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the code of readers: a thread for each that is busy, so that none waits for another.
 *
 * <p>There is nothing to close: a thread without work ends within a second, and readers of an answer
 * outlive the client.
 *
 * <p>Thread-safe.
 */
final class CallbackThreads implements Executor {
  private final ThreadPoolExecutor threads;

  CallbackThreads(String clientId) {
    this.threads = new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
          Thread thread = new Thread(task, clientId + "-callback");
          thread.setDaemon(true);
          return thread;
        });
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }
}
