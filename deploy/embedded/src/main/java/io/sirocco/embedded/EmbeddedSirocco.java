package io.sirocco.embedded;

import io.micrometer.core.instrument.MeterRegistry;
import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.model.ModelLoadException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * A broker and a worker in this process: the same parts as in a cluster, on 127.0.0.1.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedSirocco implements AutoCloseable {
  /** How long requests in progress may take to end; whoever waits for them has gone already. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final EmbeddedKafka kafka;
  private final Worker worker;

  private EmbeddedSirocco(EmbeddedKafka kafka, Worker worker) {
    this.kafka = kafka;
    this.worker = worker;
  }

  /** Loads the model that is to be served. */
  @FunctionalInterface
  public interface ModelLoading {
    /** Loads it, which takes a while. */
    ServedModel load() throws ModelLoadException;
  }

  /**
   * Starts the broker, loads the model meanwhile, and starts the worker.
   *
   * @param model the name under which the model is served
   * @param partitions how many partitions its request topic gets
   * @param registry takes what the worker measures
   * @param onFatal is told what the worker died of
   * @throws ModelLoadException when the model cannot be loaded; nothing is left running
   */
  public static EmbeddedSirocco start(
      String model,
      ModelLoading loading,
      int partitions,
      MeterRegistry registry,
      Consumer<Throwable> onFatal)
      throws ModelLoadException, InterruptedException {
    CompletableFuture<EmbeddedKafka> broker =
        CompletableFuture.supplyAsync(() -> EmbeddedKafka.start(EmbeddedKafkaSettings.defaults()));
    ServedModel served;
    try {
      served = loading.load();
    } catch (ModelLoadException | RuntimeException e) {
      broker.thenAccept(EmbeddedKafka::close).join();
      throw e;
    }
    EmbeddedKafka kafka = started(broker, served);
    try {
      WorkerSettings settings = WorkerSettings.of(kafka.bootstrapServers(), model)
          .withPartitions(partitions)
          .withGrace(GRACE);
      return new EmbeddedSirocco(kafka, Worker.start(settings, served, registry, onFatal));
    } catch (RuntimeException | InterruptedException e) {
      kafka.close();
      throw e;
    }
  }

  private static EmbeddedKafka started(
      CompletableFuture<EmbeddedKafka> broker, ServedModel served) {
    try {
      return broker.join();
    } catch (CompletionException e) {
      served.causalModel().close();
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Where clients connect to, as {@code host:port}. */
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** Ends the worker and then the broker; a second call waits for the first and does nothing. */
  @Override
  public synchronized void close() {
    worker.close();
    kafka.close();
  }
}
