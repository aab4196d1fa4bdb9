package io.sirocco.worker.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * What happens in the runs of some seeds, in short: as a program, for another process to compare with.
 *
 * <p>Stateless.
 */
final class SeedTraces {
  private SeedTraces() {}

  /**
   * Prints the traces of as many seeds as are told.
   *
   * @param arguments the number of seeds
   */
  public static void main(String[] arguments) throws Exception {
    try (SimRuns runs = SimRuns.prepare()) {
      of(runs, Integer.parseInt(arguments[0])).forEach(System.out::println);
    }
  }

  /** The traces of the seeds from 0 on, one line for each. */
  static List<String> of(SimRuns runs, int seeds) {
    List<String> traces = new ArrayList<>();
    for (int seed = 0; seed < seeds; seed++) {
      String happened = runs.play(seed, Trouble.anyOf(EnumSet.allOf(Fault.class)));
      traces.add("seed %d: %d %08x".formatted(seed, happened.length(), happened.hashCode()));
    }
    return traces;
  }
}
