package io.sirocco.worker.pricing;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the prices of one model until it is closed. A fault that ends the thread costs the estimates
 * and nothing else: the worker goes on.
 *
 * <p>Thread-safe.
 */
public final class PriceThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PriceThread.class);

  /** How long a topic that appears, or is made anew, may stay unseen. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  private static final Duration END = Duration.ofSeconds(5);

  private final String model;
  private final ModelPrices prices;
  private final PriceTopic.Look topic;
  private final Supplier<Consumer<String, byte[]>> consumers;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "prices");

  private PriceThread(
      String model,
      ModelPrices prices,
      PriceTopic.Look topic,
      Supplier<Consumer<String, byte[]>> consumers) {
    this.model = model;
    this.prices = prices;
    this.topic = topic;
    this.consumers = consumers;
  }

  /**
   * Starts the thread.
   *
   * @param model by its served name
   * @param prices are kept
   * @param admin looks for the topic; stays the caller's
   * @param consumers makes the consumer, without a group, on the thread
   */
  public static PriceThread start(
      String model, ModelPrices prices, Admin admin, Supplier<Consumer<String, byte[]>> consumers) {
    PriceThread started = new PriceThread(model, prices, PriceTopic.by(admin), consumers);
    started.thread.setDaemon(true); // No process stays for the sake of a price.
    started.thread.start();
    return started;
  }

  private void run() {
    try {
      Consumer<String, byte[]> consumer = consumers.get();
      try {
        follow(new PriceFollower(topic, consumer, new PriceRecords(model), prices));
      } finally {
        Thread.interrupted(); // A thread that is interrupted closes nothing in good order.
        consumer.close(CloseOptions.timeout(Duration.ZERO));
      }
    } catch (InterruptException | InterruptedException e) {
      // Closed while it waited.
    } catch (RuntimeException | Error e) {
      log.error("prices stopped by a fault, answers have no estimated cost model={}", model, e);
    } finally {
      prices.replace(null);
    }
  }

  private void follow(PriceFollower follower) throws InterruptedException {
    Duration pause = Duration.ZERO;
    while (!closing.await(pause.toMillis(), MILLISECONDS)) {
      pause = follower.step(LOOK_EVERY) ? Duration.ZERO : LOOK_EVERY;
    }
  }

  /** Ends the thread; no price is known afterwards. */
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
