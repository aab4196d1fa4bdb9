package io.sirocco.embedded.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/**
 * Takes the processor from a worker, any one that is answering.
 *
 * <p>Confined to the main thread.
 */
final class Freeze implements Outages.Outage {
  private final WorkerFleet fleet;
  private final ChaosTopics topics;
  private final Strikes strikes;
  private final Random random;
  private List<FleetWorker> frozen = List.of();

  Freeze(WorkerFleet fleet, ChaosTopics topics, Strikes strikes, Random random) {
    this.fleet = fleet;
    this.topics = topics;
    this.strikes = strikes;
    this.random = random;
  }

  @Override
  public boolean begin(boolean isLong) throws IOException, InterruptedException {
    frozen = fleet.any(random);
    for (FleetWorker victim : frozen) {
      strikes.strike(
          isLong ? "SIGSTOP beyond the session timeout" : "SIGSTOP within the session timeout",
          isLong ? topics.ownedBy(victim.name()) : List.of(),
          false);
      victim.process().freeze();
    }
    return !frozen.isEmpty();
  }

  @Override
  public void end() throws IOException, InterruptedException {
    for (FleetWorker victim : frozen) {
      victim.process().thaw();
    }
  }
}
