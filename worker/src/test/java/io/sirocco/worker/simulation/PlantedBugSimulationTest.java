package io.sirocco.worker.simulation;

import static io.sirocco.worker.simulation.Fault.CALL_FAILS;
import static io.sirocco.worker.simulation.Fault.CANCEL;
import static io.sirocco.worker.simulation.Fault.CUT_OFF;
import static io.sirocco.worker.simulation.Fault.DELETE;
import static io.sirocco.worker.simulation.Fault.FREEZE;
import static io.sirocco.worker.simulation.Fault.FREEZE_IN_CALL;
import static io.sirocco.worker.simulation.Fault.HAND_OVER;
import static io.sirocco.worker.simulation.Fault.JOIN;
import static io.sirocco.worker.simulation.Fault.KILL;
import static io.sirocco.worker.simulation.Fault.KILL_IN_CALL;
import static io.sirocco.worker.simulation.Fault.LEAVE;
import static io.sirocco.worker.simulation.Fault.NO_REPLY_TOPIC;
import static io.sirocco.worker.simulation.Fault.POISON;
import static io.sirocco.worker.simulation.Fault.SEND_FAILS;
import static io.sirocco.worker.simulation.Guarantee.BILLED_AS_READ;
import static io.sirocco.worker.simulation.Guarantee.BILLED_ONCE;
import static io.sirocco.worker.simulation.Guarantee.DEAD_LETTERS;
import static io.sirocco.worker.simulation.Guarantee.DONE_IS_ANSWERED;
import static io.sirocco.worker.simulation.Guarantee.ENDS_COMPLETE;
import static io.sirocco.worker.simulation.Guarantee.ONE_HISTORY;
import static io.sirocco.worker.simulation.Guarantee.ONLY_FORWARD;
import static io.sirocco.worker.simulation.PlantedBug.ACKNOWLEDGED_AND_LOST;
import static io.sirocco.worker.simulation.PlantedBug.ANOTHER_SEED;
import static io.sirocco.worker.simulation.PlantedBug.BILL_OUTSIDE;
import static io.sirocco.worker.simulation.PlantedBug.BLIND_START;
import static io.sirocco.worker.simulation.PlantedBug.COMPUTED_UNCOUNTED;
import static io.sirocco.worker.simulation.PlantedBug.DEAD_LETTER_OUTSIDE;
import static io.sirocco.worker.simulation.PlantedBug.DELETED_AT_THE_END;
import static io.sirocco.worker.simulation.PlantedBug.EARLY_CLOSE;
import static io.sirocco.worker.simulation.PlantedBug.EARLY_TERMINAL;
import static io.sirocco.worker.simulation.PlantedBug.END_OVERLOOKED;
import static io.sirocco.worker.simulation.PlantedBug.FINISHED_FORGOTTEN;
import static io.sirocco.worker.simulation.PlantedBug.FOLD_OF_ANY_WRITER;
import static io.sirocco.worker.simulation.PlantedBug.HIGHEST_OFFSET;
import static io.sirocco.worker.simulation.PlantedBug.IDS_WITHOUT_TEXT_LEFT_OUT;
import static io.sirocco.worker.simulation.PlantedBug.NEW_TRANSACTION_AFTER_UNKNOWN;
import static io.sirocco.worker.simulation.PlantedBug.NOT_COUNTED;
import static io.sirocco.worker.simulation.PlantedBug.NO_FENCE;
import static io.sirocco.worker.simulation.PlantedBug.NO_PROOF;
import static io.sirocco.worker.simulation.PlantedBug.NO_QUARANTINE;
import static io.sirocco.worker.simulation.PlantedBug.NO_READ_BACK;
import static io.sirocco.worker.simulation.PlantedBug.NO_RELEASE;
import static io.sirocco.worker.simulation.PlantedBug.RESEND;
import static io.sirocco.worker.simulation.PlantedBug.START_AT_POLL;
import static io.sirocco.worker.simulation.PlantedBug.UNSTABLE_OFFSETS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A simulation that finds no violation holds something only if it finds those that are there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlantedBugSimulationTest {
  private static final int MOST_SEEDS = 10_000;

  /** Nothing but that all ends. */
  private static final Set<Guarantee> ALL_ENDS = Set.of();

  /**
   * @param bugs what is broken
   * @param trouble brings it out
   * @param by the guarantees that are looked after, any of which may catch it
   */
  private record Planted(Set<PlantedBug> bugs, Trouble trouble, Set<Guarantee> by) {
    /** One that {@code by} catches; without, whichever is the first to. */
    static Planted of(PlantedBug bug, Trouble trouble, Guarantee... by) {
      return new Planted(
          Set.of(bug), trouble, by.length == 0 ? Set.of(Guarantee.values()) : Set.of(by));
    }

    @Override
    public String toString() {
      return bugs.toString();
    }
  }

  private SimRuns runs;

  @BeforeAll
  void prepare() throws Exception {
    runs = SimRuns.prepare();
  }

  @AfterAll
  void close() {
    runs.close();
  }

  private static List<Planted> planted() {
    Trouble crashes = Trouble.of(
        KILL, KILL_IN_CALL, FREEZE, FREEZE_IN_CALL, JOIN, LEAVE, SEND_FAILS, CALL_FAILS, CANCEL);
    Trouble lost = Trouble.of(CALL_FAILS, JOIN, KILL_IN_CALL, NO_REPLY_TOPIC);
    Trouble poison = Trouble.of(POISON);
    return List.of(
        Planted.of(FOLD_OF_ANY_WRITER, Trouble.of(FREEZE, CUT_OFF, JOIN, SEND_FAILS)),
        Planted.of(START_AT_POLL, poison, ENDS_COMPLETE),
        Planted.of(BLIND_START, Trouble.of(KILL, FREEZE, CUT_OFF, JOIN)),
        new Planted(Set.of(COMPUTED_UNCOUNTED), poison, ALL_ENDS),
        Planted.of(
            END_OVERLOOKED,
            Trouble.of(KILL, KILL_IN_CALL, JOIN, LEAVE, CANCEL, FREEZE_IN_CALL),
            BILLED_AS_READ),
        Planted.of(NO_PROOF, Trouble.of(CUT_OFF, JOIN, LEAVE, SEND_FAILS, CALL_FAILS)),
        Planted.of(NO_READ_BACK, Trouble.of(KILL, FREEZE, JOIN, SEND_FAILS)),
        Planted.of(IDS_WITHOUT_TEXT_LEFT_OUT, crashes, ONE_HISTORY),
        Planted.of(ACKNOWLEDGED_AND_LOST, Trouble.NONE, DONE_IS_ANSWERED),
        Planted.of(RESEND, crashes),
        Planted.of(EARLY_TERMINAL, Trouble.of(SEND_FAILS), DONE_IS_ANSWERED),
        Planted.of(EARLY_CLOSE, Trouble.of(SEND_FAILS, KILL), BILLED_AS_READ),
        Planted.of(BILL_OUTSIDE, crashes, BILLED_ONCE),
        Planted.of(DEAD_LETTER_OUTSIDE, lost, DEAD_LETTERS),
        Planted.of(HIGHEST_OFFSET, crashes, DONE_IS_ANSWERED),
        Planted.of(NEW_TRANSACTION_AFTER_UNKNOWN, lost, BILLED_ONCE),
        // Each of the two keeps out what the other one would let through.
        new Planted(
            Set.of(NO_FENCE, UNSTABLE_OFFSETS),
            Trouble.of(FREEZE_IN_CALL, KILL_IN_CALL, JOIN),
            Set.of(Guarantee.values())),
        Planted.of(FINISHED_FORGOTTEN, crashes, ONLY_FORWARD),
        new Planted(Set.of(NOT_COUNTED), poison, ALL_ENDS),
        Planted.of(NO_QUARANTINE, poison, ENDS_COMPLETE),
        Planted.of(NO_RELEASE, Trouble.of(HAND_OVER).upTo(20).withPausesOf(600), ENDS_COMPLETE),
        Planted.of(DELETED_AT_THE_END, Trouble.of(DELETE, KILL, JOIN), DEAD_LETTERS),
        Planted.of(ANOTHER_SEED, crashes, ONE_HISTORY));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("planted")
  void aBugThatIsPlantedIsCaughtAndNothingElseIs(Planted planted) {
    int seed = firstThatCatches(planted);

    assertThat(seed).as("the seed that catches it").isLessThan(MOST_SEEDS);
    assertThatCode(() -> runs.play(seed, planted.trouble())).doesNotThrowAnyException();
  }

  private int firstThatCatches(Planted planted) {
    int seed = 0;
    while (seed < MOST_SEEDS && !catches(planted, seed)) {
      seed++;
    }
    return seed;
  }

  private boolean catches(Planted planted, int seed) {
    try {
      runs.play(seed, planted.trouble(), planted.bugs(), planted.by());
      return false;
    } catch (AssertionError e) {
      return true;
    }
  }

  @Test
  void everyBugIsPlantedAndEveryGuaranteeCatchesOneByItself() {
    assertThat(planted().stream().flatMap(each -> each.bugs().stream()))
        .containsAll(EnumSet.allOf(PlantedBug.class));
    assertThat(planted().stream()
            .filter(each -> each.by().size() == 1)
            .flatMap(PlantedBugSimulationTest::by))
        .containsAll(EnumSet.allOf(Guarantee.class));
  }

  private static Stream<Guarantee> by(Planted planted) {
    return planted.by().stream();
  }
}
