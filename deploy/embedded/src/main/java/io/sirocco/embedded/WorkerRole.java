package io.sirocco.embedded;

import io.sirocco.embedded.observe.Observation;
import io.sirocco.embedded.role.BrokerProbe;
import io.sirocco.embedded.role.BrokerWatch;
import io.sirocco.embedded.role.Role;
import io.sirocco.embedded.role.RunningRole;
import io.sirocco.worker.app.RunningJanitor;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.config.ModelEntry;
import io.sirocco.worker.config.WorkerConfig;
import io.sirocco.worker.janitor.JanitorSettings;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.observe.LoadMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that answers the requests for some models, each through a {@link Worker} of its own.
 *
 * <p>Confined to the main thread.
 */
final class WorkerRole implements Role {
  private static final Logger log = LoggerFactory.getLogger(WorkerRole.class);

  private final WorkerConfig config;
  private final List<ModelEntry> models;
  private final Optional<JanitorSettings> janitor;
  private final Observation observation;
  private final Runnable beforeCommit;

  /**
   * Makes a role that was not started.
   *
   * @param models what is served
   * @param janitor which reply topics are deleted; empty: none
   * @param observation takes what is measured and traced
   * @param beforeCommit runs in every close, between its offsets and their commit
   */
  WorkerRole(
      WorkerConfig config,
      List<ModelEntry> models,
      Optional<JanitorSettings> janitor,
      Observation observation,
      Runnable beforeCommit) {
    this.config = config;
    this.models = List.copyOf(models);
    this.janitor = janitor;
    this.observation = observation;
    this.beforeCommit = beforeCommit;
  }

  @Override
  public String name() {
    return "worker";
  }

  @Override
  public RunningRole start(Consumer<Throwable> onFatal)
      throws ModelLoadException, InterruptedException {
    // What takes no time comes before the weights, so that a mistake is found at once.
    Map<ModelEntry, ModelFolder> folders = new LinkedHashMap<>();
    for (ModelEntry model : models) {
      folders.put(model, ModelFolder.open(model.folder()));
    }
    BrokerProbe brokers = new BrokerProbe(config.kafka());
    log.info("connecting to {}", brokers.servers());
    brokers.require(config.startTimeout());
    RunningWorkers workers = new RunningWorkers(config.grace());
    try {
      for (Map.Entry<ModelEntry, ModelFolder> model : folders.entrySet()) {
        workers.add(start(model.getKey(), model.getValue(), onFatal));
      }
    } catch (ModelLoadException | RuntimeException | InterruptedException e) {
      workers.abort();
      throw e;
    }
    janitor.ifPresent(settings ->
        workers.add(RunningJanitor.start(config.kafka(), settings, observation.registry())));
    workers.tell(observation.health());
    workers.watch(BrokerWatch.start(brokers));
    return workers;
  }

  private Worker start(ModelEntry model, ModelFolder folder, Consumer<Throwable> onFatal)
      throws ModelLoadException, InterruptedException {
    log.info("loading model={} folder={}", model.name(), model.folder());
    WorkerSettings settings = WorkerSettings.of(config, model.name());
    Worker worker = Worker.start(
        settings,
        () -> load(model, folder),
        observation.registry(),
        observation.tracer(),
        onFatal,
        beforeCommit);
    log.info("ready model={} topic={}", model.name(), settings.requestTopic());
    return worker;
  }

  private ServedModel load(ModelEntry model, ModelFolder folder) throws ModelLoadException {
    try (LoadMetrics metrics =
        new LoadMetrics(observation.registry(), model.name(), System::nanoTime)) {
      return ServedModel.load(
          folder,
          config.torch(folder.config().maxPositions()),
          metrics.and(new LoadLog(model.name(), System::nanoTime)));
    }
  }
}
