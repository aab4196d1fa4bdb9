package io.sirocco.embedded.chaos;

/**
 * What goes wrong.
 *
 * <p>Immutable.
 */
public enum ChaosMode {
  /** A worker dies every two seconds, and others in the middle of a close; others are started. */
  KILL(1),
  /** A worker is frozen, for longer and for shorter than the session timeout, and goes on. */
  FREEZE(1),
  /** Workers are asked to end, one after the other, and others are started. */
  DRAIN(1),
  /** One of three brokers dies, and comes back. */
  BROKER(3),
  /** A worker is cut off from the coordinator of its group, and from that alone. */
  PARTITION(3);

  private final int brokers;

  ChaosMode(int brokers) {
    this.brokers = brokers;
  }

  /** How many brokers it takes. */
  int brokers() {
    return brokers;
  }
}
