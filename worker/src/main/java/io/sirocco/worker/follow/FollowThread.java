package io.sirocco.worker.follow;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a topic until it is closed. A fault that ends the thread costs what the topic says and nothing
 * else: the worker goes on.
 *
 * <p>Thread-safe.
 */
public final class FollowThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FollowThread.class);

  /** How long a topic that appears, or is made anew, may stay unseen. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  private static final Duration END = Duration.ofSeconds(5);

  private final FollowedTopic.Look topic;
  private final Supplier<Consumer<String, byte[]>> consumers;
  private final TopicFold fold;
  private final String consequence;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private FollowThread(
      String name,
      FollowedTopic.Look topic,
      Supplier<Consumer<String, byte[]>> consumers,
      TopicFold fold,
      String consequence) {
    this.topic = topic;
    this.consumers = consumers;
    this.fold = fold;
    this.consequence = consequence;
    this.thread = new Thread(this::run, name);
  }

  /**
   * Starts the thread.
   *
   * @param name of the thread
   * @param topic is looked for
   * @param consumers makes the consumer, without a group, on the thread
   * @param fold takes what is read, on the thread
   * @param consequence what it means that the topic cannot be read, for the log
   */
  public static FollowThread start(
      String name,
      FollowedTopic.Look topic,
      Supplier<Consumer<String, byte[]>> consumers,
      TopicFold fold,
      String consequence) {
    FollowThread started = new FollowThread(name, topic, consumers, fold, consequence);
    started.thread.setDaemon(true); // No process stays for the sake of what it says.
    started.thread.start();
    return started;
  }

  private void run() {
    try {
      Consumer<String, byte[]> consumer = consumers.get();
      try {
        follow(new TopicFollower(topic, consumer, fold, consequence));
      } finally {
        Thread.interrupted(); // A thread that is interrupted closes nothing in good order.
        consumer.close(CloseOptions.timeout(Duration.ZERO));
      }
    } catch (InterruptException | InterruptedException e) {
      // Closed while it waited.
    } catch (RuntimeException | Error e) {
      log.error("following a topic was stopped by a fault, {}", consequence, e);
    } finally {
      fold.lost();
    }
  }

  private void follow(TopicFollower follower) throws InterruptedException {
    Duration pause = Duration.ZERO;
    while (!closing.await(pause.toMillis(), MILLISECONDS)) {
      pause = follower.step(LOOK_EVERY) ? Duration.ZERO : LOOK_EVERY;
    }
  }

  /** Ends the thread; what the topic said is lost. */
  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
    try {
      thread.join(END.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
