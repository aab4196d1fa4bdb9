package io.sirocco.embedded.load;

import java.util.random.RandomGenerator;

/**
 * When requests come that know nothing of each other: a Poisson process.
 *
 * <p>Confined to one thread, as its randomness is.
 */
public final class Arrivals {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;
  private final RandomGenerator random;

  /** @param perSecond how many come in a second, on average; above 0 */
  public Arrivals(double perSecond, RandomGenerator random) {
    this.perSecond = perSecond;
    this.random = random;
  }

  /** Returns how many nanoseconds pass until the next one comes. */
  public long nextGapNanos() {
    return Math.round(random.nextExponential() / perSecond * NANOS_PER_SECOND);
  }
}
