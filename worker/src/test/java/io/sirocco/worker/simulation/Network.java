package io.sirocco.worker.simulation;

import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Carries calls that wait for their answer: each takes its time, and may fail before or after it has
 * arrived; what failed may still arrive later.
 *
 * <p>Confined to the thread of the simulation.
 */
final class Network {
  private static final int ONE_IN = 25;
  private static final int LONGEST_MILLIS = 3;
  private static final int LATEST_MILLIS = 400;
  private static final int LONGEST_FREEZE_MILLIS = 600;

  /** What becomes of a call that nobody hears the end of. */
  private enum Arrival {
    NEVER,
    NOW,
    LATER
  }

  private final Simulation simulation;
  private final FaultPlan faults;

  Network(Simulation simulation, FaultPlan faults) {
    this.simulation = simulation;
    this.faults = faults;
  }

  /**
   * Has {@code effect} happen at the brokers and returns what it does; others go on meanwhile.
   *
   * @throws TimeoutException when no answer comes, whatever happened at the brokers
   */
  <T> T call(SimProcess caller, String what, Supplier<T> effect) {
    caller.requireAlive();
    if (faults.strikes(Fault.KILL_IN_CALL, ONE_IN)) {
      arrive(what, effect);
      caller.kill();
    } else if (faults.strikes(Fault.CALL_FAILS, ONE_IN)) {
      arrive(what, effect);
      caller.await(delay());
      throw new TimeoutException("no answer to " + what);
    }
    caller.await(freezes(caller) + delay());
    T answer = effect.get();
    caller.await(freezes(caller) + delay());
    return answer;
  }

  /** A call to the coordinator of the group, which the caller may be unable to reach. */
  <T> T callGroup(SimProcess caller, String what, long timeoutMillis, Supplier<T> effect) {
    long deadline = simulation.nowMillis() + timeoutMillis;
    while (caller.isCutOff()) {
      if (simulation.nowMillis() >= deadline) {
        throw new TimeoutException("no answer to " + what);
      }
      caller.await(10);
    }
    return call(caller, what, effect);
  }

  /** Holds the caller up, perhaps, which has been told that what it asked for was done. */
  void afterCommit(SimProcess caller) {
    if (faults.strikes(Fault.FREEZE_AT_COMMIT, 3)) {
      caller.freeze(simulation.between(1, LONGEST_FREEZE_MILLIS));
      caller.await(0);
    }
  }

  private long delay() {
    return simulation.between(0, LONGEST_MILLIS);
  }

  private long freezes(SimProcess caller) {
    if (faults.strikes(Fault.FREEZE_IN_CALL, 2 * ONE_IN)) {
      caller.freeze(simulation.between(1, LONGEST_FREEZE_MILLIS));
    }
    return 0;
  }

  private <T> void arrive(String what, Supplier<T> effect) {
    Arrival arrival = Arrival.values()[simulation.between(0, Arrival.values().length - 1)];
    simulation.note("%s fails and arrives %s", what, arrival);
    switch (arrival) {
      case NEVER -> {}
      case NOW -> unheard(what, effect);
      case LATER ->
        simulation.in(simulation.between(1, LATEST_MILLIS), () -> unheard(what, effect));
    }
  }

  private <T> void unheard(String what, Supplier<T> effect) {
    try {
      var unused = effect.get();
      simulation.note("%s arrived unheard", what);
    } catch (KafkaException e) {
      simulation.note("%s was refused unheard: %s", what, String.valueOf(e.getMessage()));
    }
  }
}
