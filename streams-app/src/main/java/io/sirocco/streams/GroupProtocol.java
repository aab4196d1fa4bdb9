package io.sirocco.streams;

import java.util.Locale;

/**
 * How the processes of the application share its partitions.
 *
 * <p>Immutable.
 */
public enum GroupProtocol {
  /** Runs on every cluster. A process that was killed is missed after its session timeout. */
  CLASSIC,
  /** KIP-1071, where the brokers assign: faster starts, on clusters of Kafka 4.2 and later. */
  STREAMS;

  /** The value of Kafka's setting. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
