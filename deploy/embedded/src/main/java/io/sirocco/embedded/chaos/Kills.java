package io.sirocco.embedded.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Kills a worker, any one that is answering, every two seconds; not the last one: how soon that is
 * replaced says how fast processes start, and nothing of how answers are taken over.
 *
 * <p>Confined to the main thread.
 */
final class Kills implements Fault {
  static final String KILL = "kill -9 of a worker";

  private static final Duration BETWEEN = Duration.ofSeconds(2);
  private static final int LEAST_READY = 2;

  private final WorkerFleet fleet;
  private final ChaosTopics topics;
  private final Strikes strikes;
  private final Random random;
  private Duration next = BETWEEN;

  Kills(WorkerFleet fleet, ChaosTopics topics, Strikes strikes, Random random) {
    this.fleet = fleet;
    this.topics = topics;
    this.strikes = strikes;
    this.random = random;
  }

  @Override
  public void step(Duration now) throws IOException, InterruptedException {
    if (now.compareTo(next) < 0) {
      return;
    }
    if (fleet.ready().size() < LEAST_READY) {
      return;
    }
    next = now.plus(BETWEEN);
    for (FleetWorker victim : fleet.any(random)) {
      List<Integer> partitions = topics.ownedBy(victim.name());
      strikes.strike(KILL, partitions, false);
      victim.leave(WorkerFleet.KILLED);
      victim.process().kill();
    }
  }

  @Override
  public void end() {
    // Those that were killed are replaced.
  }
}
