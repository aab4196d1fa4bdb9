package io.sirocco.worker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.engine.MeasuredProcess;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Every seed is a run of its own: who asks what, who does what when, and what goes wrong. A failure
 * prints the seed and what happened; the same seed makes the same run again, in any process.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkerSimulationTest {
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 500);
  private static final int REPEATED = 20;

  private SimRuns runs;

  @BeforeAll
  void prepare() throws Exception {
    runs = SimRuns.prepare();
  }

  @AfterAll
  void close() {
    runs.close();
  }

  @Test
  void everyGuaranteeHoldsAfterEveryEventWhateverGoesWrong() {
    for (int seed = 0; seed < SEEDS; seed++) {
      runs.play(seed, Trouble.anyOf(EnumSet.allOf(Fault.class)));
    }
  }

  @Test
  void everyGuaranteeHoldsInTheClassicProtocolAsWell() {
    for (int seed = 0; seed < SEEDS / 5; seed++) {
      runs.play(seed, Trouble.anyOf(EnumSet.allOf(Fault.class)).inTheClassicProtocol());
    }
  }

  @Test
  void theSameSeedMakesTheSameRun() {
    assertThat(SeedTraces.of(runs, REPEATED)).isEqualTo(SeedTraces.of(runs, REPEATED));
  }

  @Test
  void theSameSeedMakesTheSameRunInAnotherProcess() throws Exception {
    List<String> traces = MeasuredProcess.run(SeedTraces.class, Integer.toString(REPEATED))
        .lines()
        .filter(line -> line.startsWith("seed "))
        .toList();

    assertThat(traces).isEqualTo(SeedTraces.of(runs, REPEATED));
  }
}
