package io.sirocco.worker.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OffsetLedgerTest {
  private final OffsetLedger ledger = new OffsetLedger(10);

  @Test
  void theWatermarkStopsAtTheLowestOpenOffset() {
    ledger.open(10);
    ledger.open(11);
    ledger.open(12);

    ledger.complete(11);
    assertThat(ledger.watermark()).isEqualTo(10);

    ledger.complete(10);
    assertThat(ledger.watermark()).isEqualTo(12);

    ledger.complete(12);
    assertThat(ledger.watermark()).isEqualTo(13);
  }

  @Test
  void gapsInTheOffsetsDoNotHoldTheWatermarkBack() {
    ledger.open(10);
    ledger.open(17);

    ledger.complete(10);

    assertThat(ledger.watermark()).isEqualTo(17);
  }

  @Test
  void completingTwiceChangesNothing() {
    ledger.open(10);
    ledger.open(11);
    ledger.complete(10);

    ledger.complete(10);

    assertThat(ledger.watermark()).isEqualTo(11);
  }

  @Test
  void anOffsetThatWasPassedCannotBeOpened() {
    ledger.open(11);

    assertThatThrownBy(() -> ledger.open(11))
        .hasMessage("expected an offset of 12 or more, found 11");
  }

  @Test
  void agreesWithASetOfOpenOffsetsOverRandomSchedules() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      OffsetLedger tried = new OffsetLedger(0);
      Set<Long> open = new HashSet<>();
      long next = 0;
      for (int event = 0; event < 200; event++) {
        if (open.isEmpty() || random.nextInt(5) < 3) {
          next += random.nextInt(3);
          tried.open(next);
          open.add(next++);
        } else {
          List<Long> candidates = new ArrayList<>(open);
          long offset = candidates.get(random.nextInt(candidates.size()));
          tried.complete(offset);
          open.remove(offset);
        }
        long expected = open.stream().mapToLong(Long::longValue).min().orElse(next);
        assertThat(tried.watermark()).as("seed %d event %d", seed, event).isEqualTo(expected);
      }
    }
  }
}
