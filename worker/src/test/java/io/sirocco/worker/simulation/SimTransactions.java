package io.sirocco.worker.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of transactions: of all that name themselves alike, the last one is let in, and what
 * those before left open is aborted.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimTransactions {
  /** A producer with the id, as long as there is no later one. */
  record Session(String id, int epoch) {}

  private static final class Slot {
    private int epoch;
    private int ended;
    private @Nullable SimTransaction last;
  }

  private final Map<String, Slot> slots = new HashMap<>();
  private final Consumer<SimTransaction> onCommit;
  private final long timeoutMillis;

  /**
   * @param timeoutMillis after which an open transaction is aborted, and its producer fenced
   * @param onCommit applies the offsets
   */
  SimTransactions(long timeoutMillis, Consumer<SimTransaction> onCommit) {
    this.timeoutMillis = timeoutMillis;
    this.onCommit = onCommit;
  }

  /** Lets a new producer in, and no other from now on. */
  Session init(String id) {
    Slot slot = slots.computeIfAbsent(id, absent -> new Slot());
    slot.epoch++;
    slot.ended = 0;
    abortOpen(slot);
    slot.last = null;
    return new Session(id, slot.epoch);
  }

  private static void abortOpen(Slot slot) {
    if (slot.last != null && slot.last.isOpen()) {
      slot.last.end(false);
    }
  }

  /**
   * The open transaction, begun by the first that asks.
   *
   * @param number how many of the session's came before: what arrives late belongs to none
   */
  SimTransaction open(Session session, int number, long nowMillis) {
    Slot slot = require(session);
    if (slot.ended != number) {
      throw new InvalidProducerEpochException("transaction %d has ended".formatted(number));
    }
    if (slot.last == null || !slot.last.isOpen()) {
      slot.last = new SimTransaction(nowMillis);
    }
    return slot.last;
  }

  /** Ends a transaction; asked again, says the same. */
  void end(Session session, int number, boolean commit) {
    Slot slot = require(session);
    SimTransaction last = slot.last;
    if (slot.ended == number) {
      slot.ended++;
      if (last != null && last.isOpen()) {
        last.end(commit);
        if (commit) {
          onCommit.accept(last);
        }
      }
    } else if (slot.ended != number + 1 || (last != null && last.isCommitted() != commit)) {
      throw new InvalidTxnStateException("expected an open transaction, found it ended");
    }
  }

  private Slot require(Session session) {
    Slot slot = slots.get(session.id);
    if (slot == null || slot.epoch != session.epoch) {
      throw new InvalidProducerEpochException("a later producer is in use: " + session);
    }
    return slot;
  }

  /** Aborts what has been open for too long. */
  void expire(long nowMillis) {
    for (Slot slot : slots.values()) {
      if (slot.last != null
          && slot.last.isOpen()
          && nowMillis - slot.last.beganMillis() > timeoutMillis) {
        slot.epoch++;
        slot.last.end(false);
      }
    }
  }

  boolean hasOpen() {
    return slots.values().stream().anyMatch(slot -> slot.last != null && slot.last.isOpen());
  }
}
