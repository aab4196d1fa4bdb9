package io.sirocco.worker.engine;

import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.model.CausalModel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an {@link EngineLoop} until it is closed, and then closes the model on the same thread.
 *
 * <p>Thread-safe.
 */
public final class EngineThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EngineThread.class);
  private static final long IDLE_WAIT_MILLIS = 100;

  private final EngineLoop loop;
  private final EngineInbox inbox;
  private final CausalModel model;
  private final Consumer<Throwable> onFatal;
  private final Thread thread = new Thread(this::run, "engine");
  private volatile boolean stopping;

  private EngineThread(
      EngineLoop loop, EngineInbox inbox, CausalModel model, Consumer<Throwable> onFatal) {
    this.loop = loop;
    this.inbox = inbox;
    this.model = model;
    this.onFatal = onFatal;
  }

  /**
   * Starts the thread.
   *
   * @param onFatal is told, on the engine thread, what the loop died of; nothing is computed after it
   */
  public static EngineThread start(
      EngineLoop loop, EngineInbox inbox, CausalModel model, Consumer<Throwable> onFatal) {
    EngineThread engine = new EngineThread(loop, inbox, model, onFatal);
    engine.thread.start();
    return engine;
  }

  private void run() {
    try (model) {
      runUntilStopped();
    }
  }

  /** The fault is told before the model is closed, which may hang after it. */
  private void runUntilStopped() {
    try {
      while (!stopping) {
        if (!loop.step()) {
          inbox.awaitWork(IDLE_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      inbox.engineDied(); // First, as it takes no memory: whoever ends the worker is to know.
      try {
        log.error("engine stopped by a fault it cannot survive", e);
      } finally {
        onFatal.accept(e);
      }
    }
  }

  /** Stops after the step in progress, without finishing what runs, and waits for the end. */
  @Override
  public void close() {
    stopping = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // The model's memory must not be left behind: wait all the same.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
