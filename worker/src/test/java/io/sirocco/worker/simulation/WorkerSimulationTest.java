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

  /** What the worker survives with all guarantees. */
  private static final Set<Fault> SURVIVED =
      EnumSet.of(Fault.JOIN, Fault.NO_OFFSET, Fault.CALL_FAILS);

  /** What holds whatever goes wrong. */
  private static final Set<Guarantee> ALWAYS = EnumSet.of(
      Guarantee.BILLED_ONCE, Guarantee.ONLY_FORWARD);

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
  void x0() {
    for (int seed = 0; seed < SEEDS; seed++) {
      play(seed, SURVIVED, EnumSet.allOf(Guarantee.class), Set.of());
    }
  }

  @Test
  void x1() {
    for (int seed = 0; seed < SEEDS; seed++) {
      play(seed, EnumSet.allOf(Fault.class), ALWAYS, Set.of());
    }
  }

  @Test
  void x2() {
    for (PlantedBug bug : PlantedBug.values()) {
      int caught = 0;
      int first = -1;
      for (int seed = 0; seed < SEEDS; seed++) {
        try {
          play(seed, EnumSet.allOf(Fault.class), ALWAYS, Set.of(bug));
        } catch (AssertionError e) {
          caught++;
          first = first < 0 ? seed : first;
        }
      }
      System.out.println(bug + " " + caught + " first " + first);
    }
  }

  @Test
  void theSameSeedMakesTheSameRun() {
    assertThat(play(7, SURVIVED, Set.of(), Set.of()))
        .isEqualTo(play(7, SURVIVED, Set.of(), Set.of()));
  }

  private String play(
      int seed, Set<Fault> faults, Set<Guarantee> guarantees, Set<PlantedBug> bugs) {
    SimWorld world = new SimWorld(seed, mapper, faults, guarantees, bugs);
    try {
      world.askAny(5, undisturbed);
      world.play();
    } catch (AssertionError e) {
      throw new AssertionError(
          "seed %d: %s%n%s".formatted(seed, e.getMessage(), world.simulation().journal()), e);
    }
    return world.simulation().journal().toString();
  }
}
