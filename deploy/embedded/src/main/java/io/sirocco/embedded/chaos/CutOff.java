package io.sirocco.embedded.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the worker behind the proxies off from the coordinator of its group.
 *
 * <p>Confined to the main thread.
 */
final class CutOff implements Outages.Outage {
  /** The broker that leads the group's offsets, and nothing else. */
  static final int COORDINATOR = 1;

  private final WorkerFleet fleet;
  private final TcpProxy proxy;
  private final ChaosTopics topics;
  private final Strikes strikes;

  CutOff(WorkerFleet fleet, BrokerCluster brokers, ChaosTopics topics, Strikes strikes) {
    this.fleet = fleet;
    this.proxy = brokers.proxy(COORDINATOR);
    this.topics = topics;
    this.strikes = strikes;
  }

  @Override
  public boolean begin(boolean isLong) throws IOException, InterruptedException {
    Optional<FleetWorker> victim =
        fleet.ready().stream().filter(FleetWorker::isBehindProxies).findFirst();
    if (victim.isEmpty()) {
      return false;
    }
    strikes.strike(
        isLong
            ? "cut off from the coordinator beyond the session timeout"
            : "cut off from the coordinator within the session timeout",
        isLong ? topics.ownedBy(victim.get().name()) : List.of(),
        false);
    proxy.cut();
    return true;
  }

  @Override
  public void end() {
    proxy.heal();
  }
}
