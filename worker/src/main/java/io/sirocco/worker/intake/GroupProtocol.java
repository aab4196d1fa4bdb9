package io.sirocco.worker.intake;

/**
 * By which protocol workers share the partitions of a request topic.
 *
 * <p>Immutable.
 */
public enum GroupProtocol {
  /** The newer one (KIP-848): brokers assign, and say when a member is taken for dead. */
  CONSUMER,
  /** The older one: members assign, and say themselves when they are to be taken for dead. */
  CLASSIC
}
