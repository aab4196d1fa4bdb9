package io.sirocco.worker.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Owners that come and go over a log with holes, against a set of what was done at the last commit. */
class OffsetLedgerPropertyTest {
  private static final int SEEDS = 2_000;
  private static final int EVENTS = 120;

  @Test
  void everyRecordIsDoneOnceByThoseWhoCommitWhatTheyDid() {
    int skipped = 0;
    int withoutRoom = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Run run = new Run(seed);
      for (int event = 0; event < EVENTS; event++) {
        run.step();
      }
      skipped += run.skipped;
      withoutRoom += run.withoutRoom;
    }
    // Else nothing was put to the test.
    assertThat(skipped).isGreaterThan(SEEDS);
    assertThat(withoutRoom).isGreaterThan(SEEDS);
  }

  private static final class Run {
    private final String name;
    private final Random random;
    private final int metadataChars;
    private final TreeSet<Long> log = new TreeSet<>();
    private final Set<Long> done = new HashSet<>();
    private final List<Long> inProgress = new ArrayList<>();
    private Set<Long> doneAtCommit = Set.of();
    private long committed;
    private String metadata = "";
    private OffsetLedger ledger;
    private long position;
    private int skipped;
    private int withoutRoom;

    Run(int seed) {
      name = "seed " + seed;
      random = new Random(seed);
      metadataChars = random.nextInt(4) * 40 + 20;
      for (long offset = 0; log.size() < EVENTS; offset += gap()) {
        log.add(offset);
      }
      ledger = new OffsetLedger(Progress.at(0), metadataChars);
    }

    private long gap() {
      return random.nextInt(5) > 0 ? 1 : 1 + random.nextInt(random.nextInt(20) > 0 ? 4 : 1_000_000);
    }

    void step() {
      switch (random.nextInt(20)) {
        case 0 -> die();
        case 1, 2, 3 -> commit();
        case 4, 5, 6, 7, 8 -> complete();
        case 9 -> compact();
        case 10 -> passMarkers();
        default -> read();
      }
      long lowest =
          log.stream().filter(offset -> !done.contains(offset)).findFirst().orElse(Long.MAX_VALUE);
      assertThat(ledger.watermark()).as(name).isLessThanOrEqualTo(lowest);
      assertThat(log.subSet(0L, ledger.watermark())).as(name).isSubsetOf(done);
      if (!inProgress.isEmpty()) {
        assertThat(log.subSet(ledger.watermark(), lowest)).as(name).isEmpty();
      }
    }

    private void read() {
      Long offset = log.ceiling(position);
      if (offset == null) {
        return;
      }
      if (!ledger.hasRoomFor(offset)) {
        withoutRoom++;
        assertThat(inProgress).as(name).isNotEmpty();
        return;
      }
      boolean toDo = ledger.open(offset);
      assertThat(toDo).as("%s offset %d", name, offset).isEqualTo(!doneAtCommit.contains(offset));
      position = offset + 1;
      if (toDo) {
        inProgress.add(offset);
      } else {
        skipped++;
      }
    }

    private void complete() {
      if (!inProgress.isEmpty()) {
        long offset = inProgress.remove(random.nextInt(inProgress.size()));
        assertThat(ledger.complete(offset)).as(name).isTrue();
        done.add(offset);
      }
    }

    private void commit() {
      Progress progress = ledger.progress();
      metadata = CommitMetadata.write(progress, metadataChars);
      assertThat(metadata).as(name).isEqualTo(CommitMetadata.write(progress, Integer.MAX_VALUE));
      committed = progress.watermark();
      doneAtCommit = Set.copyOf(done);
    }

    /** What was done and not committed is lost; what the dead owner still completes is void. */
    private void die() {
      OffsetLedger dead = ledger;
      dead.end();
      done.retainAll(doneAtCommit);
      Progress progress = CommitMetadata.read(committed, metadata).orElseThrow();
      ledger = new OffsetLedger(progress, metadataChars);
      position = committed;
      inProgress.forEach(offset -> assertThat(dead.complete(offset)).as(name).isFalse());
      inProgress.clear();
      assertThat(ledger.progress()).as(name).isEqualTo(progress);
    }

    /** A record that nobody has read in this assignment vanishes from the log. */
    private void compact() {
      NavigableSet<Long> unread = log.tailSet(position, true);
      if (unread.size() > 1) {
        log.remove(unread.first());
      }
    }

    private void passMarkers() {
      Long nextRecord = log.ceiling(position);
      long end = nextRecord == null ? position + 3 : nextRecord;
      position += random.nextInt((int) Math.min(3, end - position + 1));
      ledger.skipTo(position);
    }
  }
}
