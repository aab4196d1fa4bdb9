package io.sirocco.embedded.chaos;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Looks for answers whose partition belongs to a worker that is dead: until its session ends the group
 * may still give it some, and nobody else can take those over before.
 *
 * <p>Confined to the main thread.
 */
final class DeadOwners {
  private static final Duration BETWEEN = Duration.ofMillis(250);

  private final WorkerFleet fleet;
  private final ChaosTopics topics;
  private final ReplyReader reader;
  private final RecoveryClock recovery;
  private long lastMillis;

  DeadOwners(WorkerFleet fleet, ChaosTopics topics, ReplyReader reader, RecoveryClock recovery) {
    this.fleet = fleet;
    this.topics = topics;
    this.reader = reader;
    this.recovery = recovery;
  }

  /** Looks, if it is time to. */
  void look(long nowMillis) throws InterruptedException {
    Map<String, Long> deaths = fleet.deaths();
    if (deaths.isEmpty() || nowMillis - lastMillis < BETWEEN.toMillis()) {
      return;
    }
    lastMillis = nowMillis;
    topics.owners().forEach((name, partitions) -> {
      Long diedMillis = deaths.get(name);
      if (diedMillis != null) {
        holdUp(partitions, diedMillis);
      }
    });
  }

  private void holdUp(Set<Integer> partitions, long sinceMillis) {
    for (Asked asked : reader.running().keySet()) {
      if (partitions.contains(asked.requestPartition())) {
        recovery.heldUp(asked.requestId(), sinceMillis);
      }
    }
  }
}
