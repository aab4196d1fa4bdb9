package io.sirocco.worker.simulation;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * One transaction as the broker knows it.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimTransaction {
  private enum State {
    OPEN,
    COMMITTED,
    ABORTED
  }

  private final Set<SimLog> logs = new LinkedHashSet<>();
  private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
  private final long beganMillis;
  private State state = State.OPEN;

  SimTransaction(long beganMillis) {
    this.beganMillis = beganMillis;
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  boolean isCommitted() {
    return state == State.COMMITTED;
  }

  long beganMillis() {
    return beganMillis;
  }

  /** The logs that get a marker at the end. */
  Set<SimLog> logs() {
    return logs;
  }

  /** The offsets that count when it is committed; readers of stable offsets wait for its end. */
  Map<TopicPartition, OffsetAndMetadata> offsets() {
    return offsets;
  }

  void end(boolean commit) {
    state = commit ? State.COMMITTED : State.ABORTED;
    logs.forEach(SimLog::skip);
  }
}
