package io.sirocco.worker.simulation;

import org.apache.kafka.common.KafkaException;

/**
 * One process: it can be killed, frozen, and cut off from the coordinator of its group.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimProcess {
  private final String name;
  private final Simulation simulation;
  private boolean alive = true;
  private long frozenUntil;
  private long cutOffUntil;

  SimProcess(String name, Simulation simulation) {
    this.name = name;
    this.simulation = simulation;
  }

  String name() {
    return name;
  }

  boolean isAlive() {
    return alive;
  }

  void kill() {
    simulation.note("%s is killed", name);
    alive = false;
  }

  /** Ends of itself. */
  void end() {
    simulation.note("%s has ended", name);
    alive = false;
  }

  /** Ends with a fault that a thread did not survive; only those of the brokers may be such. */
  void dieOf(RuntimeException fault) {
    alive = false;
    simulation.note("%s dies of %s", name, fault);
    if (!(fault instanceof KafkaException)) {
      simulation.fail(new AssertionError(name + " died of a fault", fault));
    }
  }

  void freeze(long millis) {
    simulation.note("%s is frozen for %d ms", name, millis);
    frozenUntil = Math.max(frozenUntil, simulation.nowMillis() + millis);
  }

  boolean isFrozen() {
    return simulation.nowMillis() < frozenUntil;
  }

  /** How long it will stay frozen. */
  long frozenMillis() {
    return Math.max(0, frozenUntil - simulation.nowMillis());
  }

  void cutOff(long millis) {
    simulation.note("%s is cut off from the coordinator for %d ms", name, millis);
    cutOffUntil = Math.max(cutOffUntil, simulation.nowMillis() + millis);
  }

  boolean isCutOff() {
    return simulation.nowMillis() < cutOffUntil;
  }

  /** Has {@code action} happen in this process, later; never if it is killed before. */
  void in(long delayMillis, Runnable action) {
    simulation.in(delayMillis, () -> {
      if (alive && isFrozen()) {
        in(frozenMillis(), action);
      } else if (alive) {
        action.run();
      }
    });
  }

  /** Holds the calling thread up, as a call does that waits; a killed process does not come back. */
  void await(long millis) {
    simulation.runUntil(simulation.nowMillis() + millis);
    while (alive && isFrozen()) {
      simulation.runUntil(simulation.nowMillis() + frozenMillis());
    }
    requireAlive();
  }

  void requireAlive() {
    if (!alive) {
      throw new SimCrash(name);
    }
  }
}
