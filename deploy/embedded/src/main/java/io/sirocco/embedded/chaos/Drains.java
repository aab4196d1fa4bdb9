package io.sirocco.embedded.chaos;

import java.io.IOException;
import java.time.Duration;

/**
 * A rolling restart: the worker that is there longest is asked to end, once all are answering.
 *
 * <p>Confined to the main thread.
 */
final class Drains implements Fault {
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final WorkerFleet fleet;
  private final int workers;
  private final ChaosTopics topics;
  private final Strikes strikes;
  private Duration next = BETWEEN;

  Drains(WorkerFleet fleet, int workers, ChaosTopics topics, Strikes strikes) {
    this.fleet = fleet;
    this.workers = workers;
    this.topics = topics;
    this.strikes = strikes;
  }

  @Override
  public void step(Duration now) throws IOException, InterruptedException {
    if (fleet.ready().size() < workers) {
      next = now.plus(BETWEEN);
    } else if (now.compareTo(next) >= 0) {
      FleetWorker oldest = fleet.ready().get(0);
      strikes.strike("SIGTERM of a worker", topics.ownedBy(oldest.name()), false);
      oldest.leave(0);
      oldest.process().terminate();
    }
  }

  @Override
  public void end() {
    // Those that were asked to end are replaced.
  }
}
