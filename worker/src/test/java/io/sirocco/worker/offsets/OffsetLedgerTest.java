package io.sirocco.worker.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
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
  void completionOfAnOffsetThatWasNotReadChangesNothing() {
    OffsetLedger heir = new OffsetLedger(new Progress(openAt(10L, 12L), 14), 4096);

    assertThat(heir.complete(12)).isFalse();

    assertThat(heir.watermark()).isEqualTo(10);
  }

  @Test
  void completionAfterTheEndOfTheAssignmentDoesNothing() {
    ledger.open(10);
    ledger.end();

    assertThat(ledger.complete(10)).isFalse();

    assertThat(ledger.isEnded()).isTrue();
    assertThat(ledger.watermark()).isEqualTo(10);
  }

  @Test
  void onlyTheFirstCompletionIsNews() {
    ledger.open(10);

    assertThat(ledger.complete(10)).isTrue();
    assertThat(ledger.complete(10)).isFalse();
  }

  @Test
  void heirSkipsWhatIsDoneAndDoesWhatIsNot() {
    for (long offset = 10; offset < 15; offset++) {
      ledger.open(offset);
    }
    ledger.complete(11);
    ledger.complete(13);

    OffsetLedger heir = new OffsetLedger(ledger.progress(), 4096);

    assertThat(heir.watermark()).isEqualTo(10);
    assertThat(heir.open(10)).isTrue();
    assertThat(heir.open(11)).isFalse();
    assertThat(heir.open(12)).isTrue();
    assertThat(heir.open(13)).isFalse();
    assertThat(heir.open(14)).isTrue();
    assertThat(heir.open(15)).isTrue();
  }

  @Test
  void heirThatReadNothingYetCommitsWhatItWasGiven() {
    Progress given = new Progress(openAt(10L, 12L), 14);

    assertThat(new OffsetLedger(given, 4096).progress()).isEqualTo(given);
  }

  @Test
  void heirsWatermarkPassesWhatIsDoneWhenTheOpenOnesAre() {
    OffsetLedger heir = new OffsetLedger(new Progress(openAt(10L, 12L), 14), 4096);
    heir.open(10);
    heir.complete(10);
    assertThat(heir.watermark()).isEqualTo(12);

    heir.open(12);
    heir.complete(12);

    assertThat(heir.watermark()).isEqualTo(14);
  }

  @Test
  void openOffsetThatIsNoLongerInTheLogHoldsNothingBack() {
    OffsetLedger heir = new OffsetLedger(new Progress(openAt(10L, 12L), 14), 4096);

    heir.open(14);
    heir.complete(14);

    assertThat(heir.watermark()).isEqualTo(15);
  }

  @Test
  void markerAtTheEndOfTheLogIsPassedWhenReadingPassedIt() {
    ledger.open(10);
    ledger.complete(10);

    ledger.skipTo(12);

    assertThat(ledger.watermark()).isEqualTo(12);
  }

  @Test
  void ledgerWithoutRoomHasRoomAgainWhenWorkIsDone() {
    OffsetLedger small = new OffsetLedger(Progress.at(0), 30);
    long offset = 0;
    while (small.hasRoomFor(offset)) {
      small.open(offset++);
    }
    assertThat(offset).isBetween(2L, 8L);

    small.complete(0);

    assertThat(small.hasRoomFor(offset)).isTrue();
  }

  @Test
  void openOffsetsThatAreNoLongerInTheLogTakeNoRoom() {
    OffsetLedger heir = new OffsetLedger(new Progress(openAt(10L, 12L, 14L), 16), 20);

    assertThat(heir.hasRoomFor(16)).isTrue();
  }

  @Test
  void emptyLedgerHasRoomEvenIfTheBrokerKeepsNoText() {
    assertThat(new OffsetLedger(Progress.at(7), 0).hasRoomFor(1L << 60)).isTrue();
  }

  private static SortedSet<Long> openAt(Long... offsets) {
    return new TreeSet<>(List.of(offsets));
  }
}
