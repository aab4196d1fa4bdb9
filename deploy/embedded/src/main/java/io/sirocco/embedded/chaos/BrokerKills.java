package io.sirocco.embedded.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Kills a broker, any one, for each leads a part of every topic, and starts it again; the next one dies
 * when all copies are in sync again.
 *
 * <p>Confined to the main thread.
 */
final class BrokerKills implements Fault {
  private static final Duration BETWEEN = Duration.ofSeconds(2);

  /** Longer than the others need to notice. */
  private static final Duration DOWN = Duration.ofSeconds(5);

  private final BrokerCluster brokers;
  private final int requestPartitions;
  private final ChaosTopics topics;
  private final Strikes strikes;
  private final Random random;
  private Duration next = BETWEEN;
  private @Nullable Integer down;

  BrokerKills(
      BrokerCluster brokers,
      int requestPartitions,
      ChaosTopics topics,
      Strikes strikes,
      Random random) {
    this.brokers = brokers;
    this.requestPartitions = requestPartitions;
    this.topics = topics;
    this.strikes = strikes;
    this.random = random;
  }

  @Override
  public void step(Duration now) throws IOException, InterruptedException {
    if (now.compareTo(next) < 0) {
      return;
    }
    if (down != null) {
      end();
      next = now.plus(BETWEEN);
    } else if (topics.areInSync(brokers.size())) {
      down = 1 + random.nextInt(brokers.size());
      strikes.strike(
          "kill -9 of a broker", IntStream.range(0, requestPartitions).boxed().toList(), true);
      brokers.kill(down);
      next = now.plus(DOWN);
    } else {
      next = now.plus(BETWEEN);
    }
  }

  @Override
  public void end() throws IOException {
    if (down != null) {
      brokers.start(down);
      down = null;
    }
  }
}
