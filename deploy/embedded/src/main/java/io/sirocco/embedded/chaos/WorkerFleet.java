package io.sirocco.embedded.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The worker processes; one that ends is replaced.
 *
 * <p>Confined to the main thread.
 */
final class WorkerFleet implements AutoCloseable {
  /** The exit code of a process that was killed, and of a worker that was told to halt in a close. */
  static final int KILLED = 137;

  /** Early enough to be reached in the few seconds that a worker lives. */
  private static final int LATEST_HALT = 8;

  private final ChildCommand command;
  private final ChaosSettings settings;
  private final ChaosBrokers brokers;
  private final Path logs;
  private final Random chance;
  private final List<FleetWorker> workers = new ArrayList<>();
  private final List<Violation> strangeEnds = new ArrayList<>();
  private final Map<String, Long> deaths = new HashMap<>();
  private int started;

  WorkerFleet(ChildCommand command, ChaosSettings settings, ChaosBrokers brokers, Path logs) {
    this.command = command;
    this.settings = settings;
    this.brokers = brokers;
    this.logs = logs;
    this.chance = new Random(settings.seed());
  }

  /** Starts another worker. */
  void add() throws IOException {
    started++;
    String name = "worker-" + started;
    boolean behindProxies = settings.mode() == ChaosMode.PARTITION
        && workers.stream().noneMatch(FleetWorker::isBehindProxies);
    String servers = behindProxies ? brokers.proxiedServers() : brokers.bootstrapServers();
    int haltAtClose = haltAtClose();
    ChildProcess process =
        command.start(logs.resolve(name + ".log"), arguments(name, servers, haltAtClose));
    workers.add(new FleetWorker(name, process, behindProxies, haltAtClose > 0));
  }

  /** The close in which the next worker is to end; 0: none, as for those that are there first. */
  private int haltAtClose() {
    if (settings.haltAtClose() > 0) {
      return started > 1 ? settings.haltAtClose() : 0;
    }
    boolean halts =
        settings.mode() == ChaosMode.KILL && started > settings.workers() && chance.nextBoolean();
    return halts ? 1 + chance.nextInt(LATEST_HALT) : 0;
  }

  private List<String> arguments(String name, String servers, int haltAtClose) {
    int slots = Math.max(4, Math.min(settings.streams(), 64));
    List<String> arguments = new ArrayList<>(List.of(
        "worker",
        "--bootstrap-server",
        servers,
        "--model",
        ChaosSettings.MODEL + "=" + settings.model()));
    for (String setting : List.of(
        "kafka.client.id=" + name,
        "worker.precision=f32",
        "worker.threads=1",
        "worker.slots=" + slots,
        "worker.context-tokens=512",
        "worker.cache-tokens=" + 512 * slots,
        // Some answers end in time, and others are handed over.
        "worker.grace=1s")) {
      arguments.addAll(List.of("--set", setting));
    }
    if (haltAtClose > 0) {
      arguments.addAll(List.of("--halt-at-close", Integer.toString(haltAtClose)));
    }
    return arguments;
  }

  /** Replaces what has ended; returns those that ended in a close, as they were told to. */
  List<FleetWorker> step() throws IOException {
    List<FleetWorker> halted = new ArrayList<>();
    for (FleetWorker worker : List.copyOf(workers)) {
      if (!worker.process().isAlive()) {
        workers.remove(worker);
        deaths.put(worker.name(), System.currentTimeMillis());
        if (worker.halted()) {
          halted.add(worker);
        } else if (!worker.endedAsExpected()) {
          strangeEnds.add(new Violation(
              Guarantee.NO_STRANGE_END,
              worker.name(),
              "found it ended with exit code " + worker.process().exitCode()));
        }
        add();
      }
    }
    return halted;
  }

  /** When each that has ended was found so, by name. */
  Map<String, Long> deaths() {
    return Map.copyOf(deaths);
  }

  /** Those that answer requests. */
  List<FleetWorker> ready() throws IOException {
    List<FleetWorker> ready = new ArrayList<>();
    for (FleetWorker worker : workers) {
      if (worker.isReady()) {
        ready.add(worker);
      }
    }
    return ready;
  }

  /** One of those that answer requests, or none. */
  List<FleetWorker> any(Random random) throws IOException {
    List<FleetWorker> ready = ready();
    return ready.isEmpty() ? List.of() : List.of(ready.get(random.nextInt(ready.size())));
  }

  int started() {
    return started;
  }

  /** Those that ended although nobody made them. */
  List<Violation> strangeEnds() {
    return List.copyOf(strangeEnds);
  }

  /** Ends them all. */
  @Override
  public void close() {
    workers.forEach(worker -> worker.process().kill());
    workers.forEach(worker -> worker.process().close());
    workers.clear();
  }
}
