package io.sirocco.worker.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * What goes wrong in one run: some faults, a few times each. The seed decides which.
 *
 * <p>Confined to the thread of the simulation.
 */
final class FaultPlan {
  private static final int MOST_OF_A_KIND = 2;

  private final Simulation simulation;
  private final Map<Fault, Integer> left = new EnumMap<>(Fault.class);

  /**
   * @param possible the faults that are drawn from
   * @param certain whether each of them is to come
   */
  FaultPlan(Simulation simulation, Set<Fault> possible, boolean certain) {
    this.simulation = simulation;
    for (Fault fault : possible) {
      left.put(fault, simulation.between(certain ? 1 : -MOST_OF_A_KIND, MOST_OF_A_KIND));
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
