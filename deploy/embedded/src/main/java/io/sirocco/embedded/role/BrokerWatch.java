package io.sirocco.embedded.role;

import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once when no broker answers any more, and once when one does again; Kafka's clients survive
 * that, and would say so every second.
 *
 * <p>Thread-safe.
 */
public final class BrokerWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BrokerWatch.class);
  private static final Duration BETWEEN = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final BrokerProbe probe;
  private final Thread thread = new Thread(this::run, "broker-watch");

  private BrokerWatch(BrokerProbe probe) {
    this.probe = probe;
  }

  /** Starts to watch brokers that have answered already. */
  public static BrokerWatch start(BrokerProbe probe) {
    BrokerWatch watch = new BrokerWatch(probe);
    watch.thread.setDaemon(true);
    watch.thread.start();
    return watch;
  }

  private void run() {
    Admin admin = probe.admin();
    try {
      long lostNanos = 0;
      boolean lost = false;
      while (!Thread.currentThread().isInterrupted()) {
        boolean answered = answers(admin);
        if (!answered && !lost) {
          lostNanos = System.nanoTime();
          log.warn("no broker at {} answers; requests wait until one does", probe.servers());
        } else if (answered && lost) {
          Duration outage = Duration.ofNanos(System.nanoTime() - lostNanos);
          log.info("a broker answers again after {} s", outage.toSeconds());
        }
        lost = !answered;
        Thread.sleep(BETWEEN.toMillis()); // The thread has nothing else to do.
      }
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt(); // Closed.
    } finally {
      admin.close(Duration.ZERO);
    }
  }

  private static boolean answers(Admin admin) throws InterruptedException {
    try {
      BrokerProbe.ask(admin, PATIENCE);
      return true;
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      return false;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
