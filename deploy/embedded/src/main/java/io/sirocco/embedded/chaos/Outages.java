package io.sirocco.embedded.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Something that a worker goes without for a while, again and again: at times for longer than the
 * session timeout, so that it is replaced, at times for less, so that it is not.
 *
 * <p>Confined to the main thread.
 */
final class Outages implements Fault {
  /** What can be taken from a worker, and given back. */
  interface Outage {
    /** Begins, unless there is no worker to take it from now. */
    boolean begin(boolean isLong) throws IOException, InterruptedException;

    void end() throws IOException, InterruptedException;
  }

  private static final Duration LONG = ChaosSettings.SESSION_TIMEOUT.multipliedBy(2);
  private static final Duration SHORT = ChaosSettings.SESSION_TIMEOUT.dividedBy(3);
  private static final Duration BETWEEN = Duration.ofSeconds(2);

  private final Outage outage;
  private final Random random;
  private Duration next = BETWEEN;
  private @Nullable Duration until;
  private boolean isLong;

  Outages(Outage outage, Random random) {
    this.outage = outage;
    this.random = random;
    this.isLong = random.nextBoolean();
  }

  @Override
  public void step(Duration now) throws IOException, InterruptedException {
    if (until != null) {
      if (now.compareTo(until) >= 0) {
        end();
        next = now.plus(BETWEEN);
      }
    } else if (now.compareTo(next) >= 0 && outage.begin(isLong)) {
      until = now.plus(isLong ? LONG : SHORT);
      // Both kinds in any run, even in a short one; how many of each is left to chance.
      isLong = !isLong || random.nextInt(4) == 0;
    }
  }

  @Override
  public void end() throws IOException, InterruptedException {
    if (until != null) {
      until = null;
      outage.end();
    }
  }
}
