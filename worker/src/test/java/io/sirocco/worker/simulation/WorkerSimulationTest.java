package io.sirocco.worker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.prompt.ChatTemplate;
import io.sirocco.worker.prompt.PromptEncoder;
import io.sirocco.worker.prompt.RequestMapper;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Every seed is a run of its own: who asks what, who does what when, and what goes wrong. A failure
 * prints the seed and what happened; the same seed makes the same run again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkerSimulationTest {
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 500);
  private static final int REQUESTS = 5;

  /** What an answer survives; the others need a worker that goes on with what another began. */
  private static final Set<Fault> SURVIVED = EnumSet.of(Fault.NO_OFFSET, Fault.CALL_FAILS);

  /** What closing guarantees by itself, whatever becomes of the answers. */
  private static final Set<Guarantee> OF_CLOSING =
      EnumSet.of(Guarantee.BILLED_ONCE, Guarantee.ONLY_FORWARD);

  private RequestMapper mapper;
  private Undisturbed undisturbed;

  @BeforeAll
  void answerEverythingUndisturbed() throws Exception {
    ModelFolder folder = ModelFolder.open(Path.of("..", "deploy", "models", "demo"));
    SimTokenizer tokenizer = new SimTokenizer();
    mapper = new RequestMapper(
        new PromptEncoder(ChatTemplate.load(folder), tokenizer),
        SimModel.CONTEXT,
        tokenizer.vocabularySize());
    undisturbed = Undisturbed.by(mapper);
  }

  @Test
  void everyGuaranteeHoldsAfterEveryEvent() {
    for (int seed = 0; seed < SEEDS; seed++) {
      play(seed, SURVIVED, EnumSet.allOf(Guarantee.class), Set.of());
    }
  }

  @Test
  void nothingIsBilledTwiceAndEverythingIsDoneWhateverGoesWrong() {
    for (int seed = 0; seed < SEEDS; seed++) {
      play(seed, EnumSet.allOf(Fault.class), OF_CLOSING, Set.of());
    }
  }

  @Test
  void theSameSeedMakesTheSameRun() {
    Set<Fault> all = EnumSet.allOf(Fault.class);

    assertThat(play(7, all, Set.of(), Set.of())).isEqualTo(play(7, all, Set.of(), Set.of()));
  }

  /** Returns what happened. */
  private String play(
      int seed, Set<Fault> faults, Set<Guarantee> guarantees, Set<PlantedBug> bugs) {
    SimWorld world = new SimWorld(seed, mapper, faults, guarantees, bugs);
    try {
      world.askAny(REQUESTS, undisturbed);
      world.play();
    } catch (AssertionError e) {
      throw new AssertionError(
          "seed %d: %s%n%s".formatted(seed, e.getMessage(), world.simulation().journal()), e);
    }
    return world.simulation().journal().toString();
  }
}
