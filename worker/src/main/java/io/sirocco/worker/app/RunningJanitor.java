package io.sirocco.worker.app;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sirocco.worker.janitor.Janitor;
import io.sirocco.worker.janitor.JanitorSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The janitor of a process, on a thread of its own until it is closed. A fault that ends the thread
 * leaves topics behind and nothing else: workers go on.
 *
 * <p>Thread-safe.
 */
public final class RunningJanitor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunningJanitor.class);
  private static final Duration STEP = Duration.ofMillis(500);
  private static final Duration AGAIN = Duration.ofSeconds(30);
  private static final Duration END = Duration.ofSeconds(5);

  private final Map<String, Object> client;
  private final JanitorSettings settings;
  private final Counter deleted;
  private final Thread thread = new Thread(this::run, "janitor");
  private final CountDownLatch closing = new CountDownLatch(1);

  private RunningJanitor(
      Map<String, Object> client, JanitorSettings settings, MeterRegistry registry) {
    this.client = client;
    this.settings = settings;
    deleted = Counter.builder("sirocco.janitor.topics.deleted")
        .description("Reply topics deleted that nobody had written to for long")
        .register(registry);
  }

  /**
   * Starts it.
   *
   * @param kafka properties for all Kafka clients, the brokers included
   * @param registry takes how many topics were deleted
   */
  public static RunningJanitor start(
      Map<String, String> kafka, JanitorSettings settings, MeterRegistry registry) {
    RunningJanitor janitor = new RunningJanitor(Map.copyOf(kafka), settings, registry);
    janitor.thread.setDaemon(true); // No process stays for the sake of a topic.
    janitor.thread.start();
    return janitor;
  }

  private void run() {
    Map<String, Object> properties = new HashMap<>(client);
    properties.putAll(Janitor.consumerProperties());
    try (Admin admin = Admin.create(client);
        Janitor janitor = new Janitor(
            admin,
            new KafkaConsumer<>(
                properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
            settings,
            InstantSource.system())) {
      Duration pause = Duration.ZERO;
      while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = step(janitor);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.error("janitor stopped by a fault, reply topics of crashed clients stay", e);
    }
  }

  /** Returns how long to wait before the next one. */
  private Duration step(Janitor janitor) throws InterruptedException {
    try {
      deleted.increment(janitor.step(STEP));
      return Duration.ZERO;
    } catch (KafkaException e) {
      log.warn(
          "nobody says whose turn it is to delete reply topics, asking again: {}", e.toString());
      return AGAIN;
    }
  }

  /** Lets another process have the turn. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(END.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
