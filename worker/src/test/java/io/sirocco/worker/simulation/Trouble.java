package io.sirocco.worker.simulation;

import io.sirocco.worker.intake.GroupProtocol;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What may go wrong in a run, how often, and how fast engines are meanwhile.
 *
 * <p>Immutable.
 *
 * @param possible the faults
 * @param most how often each of them comes at most
 * @param certain whether each of them comes at all
 * @param engineMillis the longest pause between two steps of an engine
 * @param protocol by which workers get their partitions
 */
record Trouble(
    Set<Fault> possible, int most, boolean certain, int engineMillis, GroupProtocol protocol) {
  /** Nothing goes wrong. */
  static final Trouble NONE = new Trouble(Set.of(), 0, false, 4, GroupProtocol.CONSUMER);

  Trouble {
    EnumSet<Fault> inOrder = EnumSet.noneOf(Fault.class);
    inOrder.addAll(possible);
    possible = Collections.unmodifiableSet(inOrder);
  }

  /** Some of those faults, drawn by the seed. */
  static Trouble anyOf(Set<Fault> faults) {
    return new Trouble(faults, 2, false, NONE.engineMillis, NONE.protocol);
  }

  /** Every one of those faults, as whoever looks for a bug must not wait for them. */
  static Trouble of(Fault... faults) {
    return new Trouble(Set.copyOf(List.of(faults)), 2, true, NONE.engineMillis, NONE.protocol);
  }

  /** The same with each of the faults at most so many times, and at least half as often. */
  Trouble upTo(int times) {
    return new Trouble(possible, times, certain, engineMillis, protocol);
  }

  /** The same with engines that may pause so long before each step. */
  Trouble withPausesOf(int millis) {
    return new Trouble(possible, most, certain, millis, protocol);
  }

  /** The same in the classic protocol. */
  Trouble inTheClassicProtocol() {
    return new Trouble(possible, most, certain, engineMillis, GroupProtocol.CLASSIC);
  }
}
