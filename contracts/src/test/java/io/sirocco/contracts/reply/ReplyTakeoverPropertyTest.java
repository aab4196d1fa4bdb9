package io.sirocco.contracts.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.reply.LogWorker.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Owners that die, freeze and wake up at any step, by random schedules: whatever happens, readers see
 * one history, and the owner that is left ends it.
 */
class ReplyTakeoverPropertyTest {
  private static final int SEEDS = 5_000;
  private static final int LENGTH = 6;

  @Test
  void everyScheduleMakesOneHistoryThatEndsOnceAndIsBilledAsRead() {
    int takenOver = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Run run = new Run(seed, seed % 2 == 0);
      run.play("seed " + seed);
      takenOver += run.check("seed " + seed) ? 1 : 0;
    }
    assertThat(takenOver).isGreaterThan(SEEDS / 2);
  }

  /** An owner, or one that was and does not know it yet. */
  private static final class Owner {
    private final LogWorker worker;
    private final boolean untouchedLog;
    private @Nullable Claim claim;
    private boolean started;
    private boolean ended;

    Owner(LogWorker worker, boolean untouchedLog) {
      this.worker = worker;
      this.untouchedLog = untouchedLog;
    }

    /** One step; {@code owns} is what a proof of ownership would say now. */
    void step(boolean owns, boolean equalTokens) {
      if (ended) {
        return;
      }
      if (!started) {
        begin(owns);
      } else if (worker.nextSequence() < LENGTH) {
        worker.writeToken(equalTokens);
      } else {
        worker.end();
        ended = true;
      }
    }

    private void begin(boolean owns) {
      if (claim != null) {
        worker.start(claim); // The proof came before; the world may have changed since.
        claim = null;
        started = worker.isCurrent(); // Read back, and never asked again.
        ended = worker.checkpoint().end() != null;
      } else if (untouchedLog && worker.attempt() == 0 && worker.startBlindly() == 0) {
        started = true;
      } else {
        Claim read = worker.read();
        ended = read.checkpoint().end() != null || !owns;
        claim = read;
      }
    }
  }

  private static final class Run {
    private final Random random;
    private final boolean equalTokens;
    private final SharedLog log = new SharedLog();
    private final List<Owner> zombies = new ArrayList<>();
    private int assignments;
    private Owner owner;

    Run(int seed, boolean equalTokens) {
      this.random = new Random(seed);
      this.equalTokens = equalTokens;
      this.owner = assign();
    }

    private Owner assign() {
      return new Owner(new LogWorker("w" + assignments++, log), random.nextBoolean());
    }

    /** Until the owner closes the request: then nobody will take it up any more. */
    void play(String name) {
      for (int step = 0; !owner.ended; step++) {
        int dice = step < 200 ? random.nextInt(20) : 19;
        if (dice == 0) {
          owner = assign(); // The old one died.
        } else if (dice < 4) {
          zombies.add(owner);
          owner = assign();
        } else if (dice < 10 && !zombies.isEmpty()) {
          stepAnyZombie();
        } else {
          owner.step(true, equalTokens);
        }
      }
      assertThat(log.read().end()).as("%s when it is closed", name).isNotNull();
      for (int step = 0; step < 10 && !zombies.isEmpty(); step++) {
        stepAnyZombie();
      }
    }

    private void stepAnyZombie() {
      zombies.get(random.nextInt(zombies.size())).step(false, equalTokens);
    }

    /** Returns whether more than one worker wrote the answer. */
    boolean check(String name) {
      ReplyCheckpoint all = log.read();
      assertThat(all.chunks()).as(name).hasSize(LENGTH);
      assertThat(all.end())
          .as(name)
          .isEqualTo(new AnswerEnd(null, Usage.of(3, all.completionTokens())));
      String text = all.choice(0).text();
      for (int length = 0; length <= log.size(); length++) {
        assertThat(text).as(name).startsWith(log.readFirst(length).choice(0).text());
      }
      if (equalTokens) {
        assertThat(text).as(name).isEqualTo("t0 t1 t2 t3 t4 t5 ");
      }
      return assignments > 1 && all.fold().nextAttempt() > 2;
    }
  }
}
