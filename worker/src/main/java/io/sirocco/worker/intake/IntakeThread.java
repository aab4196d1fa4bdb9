package io.sirocco.worker.intake;

import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.reply.ReplyWriter;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the intake of one request topic until it is closed.
 *
 * <p>Thread-safe.
 */
public final class IntakeThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IntakeThread.class);
  private static final Duration POLL = Duration.ofMillis(50);

  private final IntakeLoop loop;
  private final java.util.function.Consumer<Throwable> onFatal;
  private final Thread thread = new Thread(this::run, "intake");
  private volatile Duration grace;
  private volatile boolean stopping;

  private IntakeThread(
      IntakeLoop loop, Duration grace, java.util.function.Consumer<Throwable> onFatal) {
    this.loop = loop;
    this.grace = grace;
    this.onFatal = onFatal;
  }

  /**
   * The intake's ways to and from the brokers.
   *
   * @param consumer reads requests, and belongs to the intake from now on
   * @param writer writes dead letters
   * @param requestTopic what is read
   * @param group the consumer's group
   */
  public record Kafka(
      Consumer<String, byte[]> consumer, ReplyWriter writer, String requestTopic, String group) {}

  /**
   * Starts the thread.
   *
   * @param writerNames makes a name that was never used before, one for each assignment
   * @param grace how long requests in progress may take to end when the intake is closed
   * @param onFatal is told, on the intake thread, what the loop died of
   */
  public static IntakeThread start(
      Kafka kafka,
      RequestDispatcher dispatcher,
      EngineInbox inbox,
      Executor replyThread,
      Supplier<String> writerNames,
      Duration grace,
      java.util.function.Consumer<Throwable> onFatal) {
    DeadLetters deadLetters = new DeadLetters(kafka.writer(), kafka.group(), replyThread);
    IntakeLoop loop = new IntakeLoop(
        kafka.consumer(), kafka.requestTopic(), dispatcher, inbox, deadLetters, writerNames);
    IntakeThread intake = new IntakeThread(loop, grace, onFatal);
    intake.thread.start();
    return intake;
  }

  private void run() {
    try {
      while (!stopping) {
        loop.step(POLL);
      }
      loop.drain();
      long deadline = System.nanoTime() + grace.toNanos();
      while (loop.isBusy() && System.nanoTime() < deadline) {
        loop.step(POLL);
      }
      if (loop.isBusy()) {
        log.warn("requests are cut off: expected them to end within {} s", grace.toSeconds());
      }
      loop.close();
    } catch (RuntimeException | Error e) {
      log.error("intake stopped by a fault it cannot survive", e);
      onFatal.accept(e);
    }
  }

  /** Takes no more requests, gives those in progress up, commits and leaves the group. */
  public void abort() {
    grace = Duration.ZERO;
    close();
  }

  /** Takes no more requests, waits for those in progress, commits and leaves the group. */
  @Override
  public void close() {
    stopping = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted =
            true; // The group is left in good order, or others wait for the session to end.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
