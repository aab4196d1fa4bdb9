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
import org.jspecify.annotations.Nullable;

/**
 * A broker and a worker in this process: the same parts as in a cluster, on 127.0.0.1.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedSirocco implements AutoCloseable {
  /** How long requests in progress may take to end; whoever waits for them has gone already. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final CompletableFuture<EmbeddedKafka> broker =
      CompletableFuture.supplyAsync(() -> EmbeddedKafka.start(EmbeddedKafkaSettings.defaults()));

  private final Thread shutdownHook = new Thread(this::closeParts, "shutdown");
  private @Nullable Worker worker;

  private EmbeddedSirocco() {}

  /** Loads the model that is to be served. */
  @FunctionalInterface
  public interface ModelLoading {
    /** Loads it, which takes a while. */
    ServedModel load() throws ModelLoadException;
  }

  /**
   * Starts the broker, loads the model meanwhile, and starts the worker. From the first moment on,
   * whatever ends the process in good order, such as Ctrl-C, leaves nothing behind.
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
    EmbeddedSirocco sirocco = new EmbeddedSirocco();
    Runtime.getRuntime().addShutdownHook(sirocco.shutdownHook);
    try {
      ServedModel served = loading.load();
      WorkerSettings settings = WorkerSettings.of(sirocco.awaitBroker(served), model)
          .withPartitions(partitions)
          .withGrace(GRACE);
      sirocco.run(Worker.start(settings, served, registry, onFatal));
      return sirocco;
    } catch (ModelLoadException | RuntimeException | InterruptedException e) {
      sirocco.close();
      throw e;
    }
  }

  private String awaitBroker(ServedModel served) {
    try {
      return bootstrapServers();
    } catch (CompletionException e) {
      served.close();
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private synchronized void run(Worker started) {
    worker = started;
  }

  /** Where clients connect to, as {@code host:port}. */
  public String bootstrapServers() {
    return broker.join().bootstrapServers();
  }

  /** Ends the worker and then the broker; a second call does nothing. */
  @Override
  public void close() {
    closeParts();
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook finds everything closed.
    }
  }

  private synchronized void closeParts() {
    if (worker != null) {
      worker.close();
    }
    broker.exceptionally(fault -> null).thenAccept(EmbeddedSirocco::closeBroker).join();
  }

  private static void closeBroker(@Nullable EmbeddedKafka kafka) {
    if (kafka != null) {
      kafka.close();
    }
  }
}
