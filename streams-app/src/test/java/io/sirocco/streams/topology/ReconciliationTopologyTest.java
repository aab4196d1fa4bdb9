package io.sirocco.streams.topology;

import static io.sirocco.streams.TestUsage.event;
import static io.sirocco.streams.TestUsage.named;
import static io.sirocco.streams.TestUsage.receipt;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.streams.reconciliation.HourCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconciliationTopologyTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final long HOUR = NOON.toEpochMilli();
  private static final Duration MEMORY = Duration.ofDays(3);

  private final UsageEvent bill = event(0, "ada", "breeze", NOON.plusSeconds(9), 10, 4, 5);
  private TopologyFixture topology;

  @BeforeEach
  void start(@TempDir Path folder) {
    topology = new TopologyFixture(new UsageMemory(Duration.ofDays(2), MEMORY, MEMORY), folder);
  }

  @AfterEach
  void end() {
    topology.close();
  }

  @Test
  void billWaitsForItsReceiptApart() {
    topology.use(bill);
    assertThat(topology.reconciliation().total()).isEqualTo(new HourCounts(HOUR, 0, 0, 1, 0, 0, 0));

    topology.receive(NOON.plusSeconds(10), receipt(bill));
    assertThat(topology.reconciliation().total())
        .isEqualTo(new HourCounts(HOUR, 1, 0, 0, 0, 15, 15));
  }

  @Test
  void receiptMayComeBeforeItsBill() {
    topology.receive(NOON, receipt(bill));
    assertThat(topology.reconciliation().total().withoutBill()).isEqualTo(1);

    topology.use(bill);
    assertThat(topology.reconciliation().total())
        .isEqualTo(new HourCounts(HOUR, 1, 0, 0, 0, 15, 15));
  }

  @Test
  void copiesChangeNothing() {
    topology.use(bill);
    topology.receive(NOON, receipt(bill));
    topology.receive(NOON.plus(Duration.ofDays(1)), receipt(bill));
    topology.useAt(NOON.plus(Duration.ofDays(1)), bill);

    assertThat(topology.reconciliation().total())
        .isEqualTo(new HourCounts(HOUR, 1, 0, 0, 0, 15, 15));
  }

  @Test
  void differenceIsCountedWithBothSides() {
    topology.use(bill);
    topology.receive(NOON, receipt(bill, 3));

    assertThat(topology.reconciliation().total())
        .isEqualTo(new HourCounts(HOUR, 0, 1, 0, 0, 15, 13));
    assertThat(topology.reconciliation().differing()).singleElement().satisfies(row -> {
      assertThat(row.request().user()).isEqualTo("ada");
      assertThat(row.request().requestId()).isEqualTo("request");
      assertThat(row.claims().bill().seenTokens()).isEqualTo(5);
      assertThat(row.claims().receipt().seenTokens()).isEqualTo(3);
    });
  }

  @Test
  void requestIdThatWasUsedTwicePairsWhatAgrees() {
    UsageEvent second = event(1, "ada", "breeze", NOON.plus(Duration.ofHours(1)), 10, 4, 7);
    topology.receive(NOON, receipt(second));
    topology.use(bill);
    assertThat(topology.reconciliation().total().differing()).isEqualTo(1);

    topology.use(second);
    assertThat(topology.reconciliation().total())
        .isEqualTo(new HourCounts(HOUR, 1, 0, 1, 0, 17, 17));
    assertThat(topology.reconciliation().differing()).isEmpty();
  }

  @Test
  void idThatIsUsedAgainAndAgainIsHeldAgainstFew() {
    for (int i = 0; i < 1000; i++) {
      UsageEvent next = event(i, "ada", "breeze", NOON, 10, 4, i);
      topology.use(next);
      topology.receive(NOON, receipt(next));
    }
    assertThat(topology.reconciliation().total().matched()).isEqualTo(1000);
    assertThat(topology.reconciliation().total().withoutReceipt()).isZero();

    for (int i = 0; i < 1000; i++) {
      topology.use(event(1000 + i, "ada", "breeze", NOON, 10, 4, 5));
    }
    assertThat(topology.reconciliation().total().withoutReceipt()).isEqualTo(1000);
    assertThat(topology.mostClaims()).isLessThanOrEqualTo(100);
  }

  @Test
  void sideThatComesWithinTheMemoryFindsTheOther() {
    UsageEvent slow = event(0, "ada", "breeze", NOON.plus(Duration.ofDays(2)), 10, 4, 5);
    topology.receive(NOON, receipt(slow));
    topology.useAt(NOON.plus(MEMORY), slow);
    topology.receive(NOON.plus(MEMORY), receipt(slow));

    assertThat(topology.reconciliation().total().matched()).isEqualTo(1);
    assertThat(topology.reconciliation().total().withoutReceipt()).isZero();
    assertThat(topology.reconciliation().total().withoutBill()).isZero();
  }

  @Test
  void sideThatComesAfterTheMemoryStaysAlone() {
    topology.use(bill);
    Instant late = NOON.plus(MEMORY.multipliedBy(3));
    topology.use(named("another", event(7, "ada", "breeze", late, 1, 0, 1)));
    topology.receive(late, receipt(bill));

    assertThat(topology.reconciliation().total().matched()).isZero();
    assertThat(topology.reconciliation().total().withoutReceipt()).isEqualTo(2);
    assertThat(topology.reconciliation().total().withoutBill()).isEqualTo(1);
  }

  @Test
  void whatIsNoReceiptIsSetAside() {
    topology.rawReceipt(NOON, "ada".getBytes(UTF_8), "{}".getBytes(UTF_8));

    assertThat(topology.deadLetters()).hasSize(1);
    assertThat(topology.reconciliation().hours()).isEmpty();
  }
}
