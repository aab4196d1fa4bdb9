package io.sirocco.worker.simulation;

import static io.sirocco.worker.simulation.Fault.CALL_FAILS;
import static io.sirocco.worker.simulation.Fault.CUT_OFF;
import static io.sirocco.worker.simulation.Fault.FREEZE;
import static io.sirocco.worker.simulation.Fault.FREEZE_IN_CALL;
import static io.sirocco.worker.simulation.Fault.JOIN;
import static io.sirocco.worker.simulation.Fault.KILL;
import static io.sirocco.worker.simulation.Fault.KILL_IN_CALL;
import static io.sirocco.worker.simulation.Fault.LEAVE;
import static io.sirocco.worker.simulation.Fault.SEND_FAILS;
import static io.sirocco.worker.simulation.PlantedBug.BLIND_START;
import static io.sirocco.worker.simulation.PlantedBug.DEAD_LETTER_OUTSIDE;
import static io.sirocco.worker.simulation.PlantedBug.NEW_TRANSACTION_AFTER_UNKNOWN;
import static io.sirocco.worker.simulation.PlantedBug.NO_FENCE;
import static io.sirocco.worker.simulation.PlantedBug.NO_PROOF;
import static io.sirocco.worker.simulation.PlantedBug.NO_READ_BACK;
import static io.sirocco.worker.simulation.PlantedBug.RESEND;
import static io.sirocco.worker.simulation.PlantedBug.UNSTABLE_OFFSETS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.prompt.ChatTemplate;
import io.sirocco.worker.prompt.PromptEncoder;
import io.sirocco.worker.prompt.RequestMapper;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Every seed is a run of its own: who asks what, who does what when, and what goes wrong. A failure
 * prints the seed and what happened; the same seed makes the same run again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkerSimulationTest {
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 500);
  private static final int REQUESTS = 5;

  /** What goes wrong on purpose, thousands of times, is told by the journal of a run that fails. */
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.sirocco.worker");

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
    logger.setLevel(Level.OFF);
  }

  @AfterAll
  void logAgain() {
    logger.setLevel(null);
  }

  @Test
  void everyGuaranteeHoldsAfterEveryEventWhateverGoesWrong() {
    for (int seed = 0; seed < SEEDS; seed++) {
      play(seed, EnumSet.allOf(Fault.class), Set.of());
    }
  }

  /** Bugs, and the faults that bring them out. */
  private static Stream<Arguments> planted() {
    Set<Fault> all = EnumSet.allOf(Fault.class);
    return Stream.of(
        arguments(Set.of(NO_PROOF), EnumSet.of(CUT_OFF, JOIN, LEAVE, SEND_FAILS, CALL_FAILS)),
        arguments(Set.of(NO_READ_BACK), EnumSet.of(KILL, FREEZE, JOIN, SEND_FAILS)),
        arguments(Set.of(BLIND_START), EnumSet.of(KILL, FREEZE, CUT_OFF, JOIN)),
        arguments(Set.of(NEW_TRANSACTION_AFTER_UNKNOWN), all),
        arguments(Set.of(RESEND), all),
        arguments(Set.of(DEAD_LETTER_OUTSIDE), all),
        // Each of the two keeps out what the other one would let through.
        arguments(
            Set.of(NO_FENCE, UNSTABLE_OFFSETS), EnumSet.of(FREEZE_IN_CALL, KILL_IN_CALL, JOIN)));
  }

  @ParameterizedTest
  @MethodSource("planted")
  void aBugThatIsPlantedIsCaught(Set<PlantedBug> bugs, Set<Fault> faults) {
    assertThat(isCaught(bugs, faults)).isTrue();
  }

  private boolean isCaught(Set<PlantedBug> bugs, Set<Fault> faults) {
    for (int seed = 0; seed < 10_000; seed++) {
      try {
        play(seed, faults, bugs);
      } catch (AssertionError e) {
        return true;
      }
    }
    return false;
  }

  @Test
  void theSameSeedMakesTheSameRun() {
    Set<Fault> all = EnumSet.allOf(Fault.class);
    assertThat(play(7, all, Set.of())).isEqualTo(play(7, all, Set.of()));
  }

  /** Returns what happened. */
  private String play(int seed, Set<Fault> faults, Set<PlantedBug> bugs) {
    SimWorld world = new SimWorld(seed, mapper, faults, EnumSet.allOf(Guarantee.class), bugs);
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
