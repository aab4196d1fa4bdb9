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

/** Every seed is a run of its own: who asks what, who does what when, and what goes wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkerSimulationTest {
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 500);
  private static final int REQUESTS = 5;

  /** What this worker survives. */
  private static final Set<Fault> FAULTS = EnumSet.of(Fault.JOIN, Fault.LEAVE, Fault.NO_OFFSET);

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
  void guaranteesHoldAfterEveryEventWhateverGoesWrong() {
    for (int seed = 0; seed < SEEDS; seed++) {
      play(seed, FAULTS, EnumSet.allOf(Guarantee.class));
    }
  }

  @Test
  void theSameSeedMakesTheSameRun() {
    String once = play(7, FAULTS, EnumSet.noneOf(Guarantee.class));

    assertThat(play(7, FAULTS, EnumSet.noneOf(Guarantee.class))).isEqualTo(once);
  }

  private String play(int seed, Set<Fault> faults, Set<Guarantee> guarantees) {
    SimWorld world = new SimWorld(seed, mapper, faults, guarantees, Set.of());
    try {
      for (int i = 0; i < REQUESTS; i++) {
        world.ask(
            SimRequest.of((seed * REQUESTS + i) % SimRequest.COUNT), undisturbed);
      }
      world.play();
    } catch (AssertionError e) {
      throw new AssertionError(
          "seed %d: %s%n%s".formatted(seed, e.getMessage(), world.simulation().journal()), e);
    }
    return world.simulation().journal().toString();
  }
}
