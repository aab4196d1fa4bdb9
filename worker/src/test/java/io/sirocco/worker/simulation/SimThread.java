package io.sirocco.worker.simulation;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * A thread of a process: runs its tasks one after the other, with pauses of any length in between. A
 * task that waits holds up this thread alone.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimThread implements Executor {
  private final SimProcess process;
  private final Simulation simulation;
  private final int longestPauseMillis;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean scheduled;

  SimThread(SimProcess process, Simulation simulation, int longestPauseMillis) {
    this.process = process;
    this.simulation = simulation;
    this.longestPauseMillis = longestPauseMillis;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    schedule();
  }

  /** Has {@code step} done over and over again, while it says so. */
  void loop(BooleanSupplier step) {
    execute(() -> {
      if (step.getAsBoolean()) {
        loop(step);
      }
    });
  }

  private void schedule() {
    if (!scheduled && !tasks.isEmpty()) {
      scheduled = true;
      process.in(simulation.between(0, longestPauseMillis), this::runNext);
    }
  }

  private void runNext() {
    try {
      tasks.remove().run();
    } catch (SimCrash e) {
      return; // Its process is no more.
    } catch (RuntimeException e) {
      process.dieOf(e);
      return;
    }
    scheduled = false;
    schedule();
  }
}
