package io.sirocco.worker.simulation;

import java.util.EnumMap;
import java.util.Map;

/**
 * What goes wrong in one run: some faults, a few times each. The seed decides which.
 *
 * <p>Confined to the thread of the simulation.
 */
final class FaultPlan {
  private final Simulation simulation;
  private final Map<Fault, Integer> left = new EnumMap<>(Fault.class);

  /** Draws from {@code trouble}. */
  FaultPlan(Simulation simulation, Trouble trouble) {
    this.simulation = simulation;
    int least = trouble.certain() ? (trouble.most() + 1) / 2 : -trouble.most();
    for (Fault fault : trouble.possible()) {
      left.put(fault, simulation.between(least, trouble.most()));
    }
  }

  /** How often a fault is still to come. */
  int left(Fault fault) {
    return Math.max(0, left.getOrDefault(fault, 0));
  }

  /** Whether the fault comes now, at one of {@code oneIn} opportunities. */
  boolean strikes(Fault fault, int oneIn) {
    boolean now = left(fault) > 0 && simulation.random().nextInt(oneIn) == 0;
    if (now) {
      left.merge(fault, -1, Integer::sum);
    }
    return now;
  }

  /** Has nothing go wrong from now on. */
  void end() {
    left.clear();
  }
}
