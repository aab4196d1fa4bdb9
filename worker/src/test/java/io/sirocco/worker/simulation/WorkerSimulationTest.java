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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every seed is a run of its own: who asks what, who does what when, and what goes wrong. A failure
 * prints the seed and what happened; the same seed makes the same run again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkerSimulationTest {
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 500);
  private static final int REQUESTS = 5;

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
  void everyGuaranteeHoldsAfterEveryEventWhateverGoesWrong() {
    for (int seed = 0; seed < SEEDS; seed++) {
      play(seed, Set.of());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NO_PROOF", "NEW_TRANSACTION_AFTER_UNKNOWN", "RESEND"})
  void aBugThatIsPlantedIsCaught(PlantedBug bug) {
    assertThat(isCaught(bug)).isTrue();
  }

  private boolean isCaught(PlantedBug bug) {
    for (int seed = 0; seed < 500; seed++) {
      try {
        play(seed, Set.of(bug));
      } catch (AssertionError e) {
        return true;
      }
    }
    return false;
  }

  @Test
  void theSameSeedMakesTheSameRun() {
    assertThat(play(7, Set.of())).isEqualTo(play(7, Set.of()));
  }

  /** Returns what happened. */
  private String play(int seed, Set<PlantedBug> bugs) {
    SimWorld world = new SimWorld(
        seed, mapper, EnumSet.allOf(Fault.class), EnumSet.allOf(Guarantee.class), bugs);
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
