package io.sirocco.embedded;

import io.micrometer.core.instrument.MeterRegistry;
import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.embedded.observe.Health;
import io.sirocco.gateway.Gateway;
import io.sirocco.gateway.settings.GatewaySettings;
import io.sirocco.streams.StreamsApp;
import io.sirocco.streams.StreamsSettings;
import io.sirocco.streams.http.HttpSettings;
import io.sirocco.worker.app.RunningJanitor;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.janitor.JanitorSettings;
import io.sirocco.worker.model.ModelLoadException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A broker, workers, a gateway and the usage application in this process: the same parts as in a cluster, on
 * 127.0.0.1.
 *
 * <p>Thread-safe.
 */
final class EmbeddedSirocco implements AutoCloseable {
  private static final Duration RUNNING = Duration.ofSeconds(60);

  private final EmbeddedSettings settings;
  private final MeterRegistry registry;
  private final Consumer<Throwable> onFatal;
  private final CompletableFuture<EmbeddedKafka> broker;
  private final Thread shutdownHook = new Thread(this::closeParts, "shutdown");
  private @Nullable StreamsApp usage;
  private @Nullable Gateway gateway;
  private RunningWorkers workers;

  private EmbeddedSirocco(
      EmbeddedSettings settings, MeterRegistry registry, Consumer<Throwable> onFatal) {
    this.settings = settings;
    this.registry = registry;
    this.onFatal = onFatal;
    this.workers = new RunningWorkers(settings.grace());
    EmbeddedKafkaSettings kafka = EmbeddedKafkaSettings.defaults().withPort(settings.kafkaPort());
    broker = CompletableFuture.supplyAsync(() -> EmbeddedKafka.start(
        settings.dataFolder() == null
            ? kafka
            : kafka.withDataFolder(settings.dataFolder().resolve("kafka"))));
  }

  /**
   * Starts everything, and returns when requests are answered. From the first moment on, whatever ends
   * the process in good order, such as Ctrl-C, leaves nothing behind.
   *
   * @param registry takes what the parts measure
   * @param onFatal is told what a part died of
   * @throws ModelLoadException when a model cannot be loaded; nothing is left running
   */
  static EmbeddedSirocco start(
      EmbeddedSettings settings, MeterRegistry registry, Consumer<Throwable> onFatal)
      throws ModelLoadException, InterruptedException {
    EmbeddedSirocco sirocco = new EmbeddedSirocco(settings, registry, onFatal);
    Runtime.getRuntime().addShutdownHook(sirocco.shutdownHook);
    try {
      sirocco.startParts();
      return sirocco;
    } catch (ModelLoadException | RuntimeException | InterruptedException e) {
      sirocco.close();
      throw e;
    }
  }

  private void startParts() throws ModelLoadException, InterruptedException {
    // The first model is loaded while the broker starts.
    ServedModel first =
        settings.workers() == 0 ? null : settings.models().get(0).source().load();
    try {
      awaitBroker();
      if (settings.usage()) {
        startUsage();
      }
    } catch (RuntimeException | InterruptedException e) {
      if (first != null) {
        first.close();
      }
      throw e;
    }
    for (int i = 0; i < settings.models().size(); i++) {
      for (int worker = 0; worker < settings.workers(); worker++) {
        ServedModel loaded = i + worker == 0 && first != null
            ? first
            : settings.models().get(i).source().load();
        add(Worker.start(worker(i), loaded, registry, onFatal));
      }
    }
    if (settings.usage() && settings.workers() > 0) {
      addJanitor();
    }
    Integer gatewayPort = settings.gatewayPort();
    if (gatewayPort != null) {
      add(Gateway.start(GatewaySettings.local(bootstrapServers(), gatewayPort), registry));
    }
  }

  private void awaitBroker() {
    try {
      broker.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private WorkerSettings worker(int index) {
    WorkerSettings worker = WorkerSettings.of(
            bootstrapServers(), settings.models().get(index).name())
        .withPartitions(settings.partitions())
        .withReplyTopicsCreated(true)
        .withGrace(settings.grace());
    return index == 0 ? worker.asDefault() : worker;
  }

  private void startUsage() throws InterruptedException {
    // No folder for its stores: they are built again from the broker's records in a moment.
    StreamsApp started = StreamsApp.start(
        StreamsSettings.builder(bootstrapServers())
            .http(new HttpSettings(
                HttpSettings.LOCAL.host(), settings.httpPort(), settings.httpToken(), null))
            .build(),
        registry);
    add(started);
    var unused = started.failure().thenAccept(onFatal);
    started.awaitRunning(RUNNING);
    SharedReplies.ensure(bootstrapServers());
  }

  private synchronized void add(Gateway started) {
    gateway = started;
  }

  private synchronized void add(StreamsApp started) {
    usage = started;
  }

  private synchronized void add(Worker started) {
    workers.add(started);
  }

  private synchronized void addJanitor() {
    workers.add(RunningJanitor.start(
        Map.of("bootstrap.servers", bootstrapServers()), JanitorSettings.defaults(), registry));
  }

  /** Where clients connect to, as {@code host:port}. */
  String bootstrapServers() {
    return broker.join().bootstrapServers();
  }

  /** Where the gateway is; null where there is none. */
  synchronized @Nullable URI gateway() {
    return gateway == null ? null : gateway.address();
  }

  /** Where the dashboard is; null when usage is not added up. */
  synchronized @Nullable URI dashboard() {
    return usage == null ? null : usage.dashboard();
  }

  /** Has {@code health} know how the parts are. */
  synchronized void tell(Health health) {
    workers.tell(health);
    StreamsApp counting = usage;
    if (counting != null) {
      health.readyUnless(counting::unready);
    }
    Gateway answering = gateway;
    if (answering != null) {
      health.readyUnless(() -> GatewayRole.unready(answering));
    }
  }

  /** Ends everything, after what is in progress; a second call does nothing. */
  @Override
  public void close() {
    end(RunningWorkers::drain);
  }

  /** Ends everything without waiting for what is in progress. */
  void abort() {
    end(RunningWorkers::abort);
  }

  private void end(Consumer<RunningWorkers> ending) {
    endParts(ending);
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook finds everything closed.
    }
  }

  private void closeParts() {
    endParts(RunningWorkers::drain);
  }

  /** The gateway waits for workers, the workers write usage and the usage application needs the broker: so in this order. */
  private synchronized void endParts(Consumer<RunningWorkers> ending) {
    if (gateway != null) {
      gateway.close();
      gateway = null;
    }
    ending.accept(workers);
    workers = new RunningWorkers(settings.grace());
    if (usage != null) {
      usage.close();
      usage = null;
    }
    broker.exceptionally(fault -> null).thenAccept(EmbeddedSirocco::closeBroker).join();
  }

  private static void closeBroker(@Nullable EmbeddedKafka kafka) {
    if (kafka != null) {
      kafka.close();
    }
  }
}
