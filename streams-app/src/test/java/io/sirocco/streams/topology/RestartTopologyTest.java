package io.sirocco.streams.topology;

import static io.sirocco.streams.TestUsage.receipt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.Receipt;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.RandomUsage;
import io.sirocco.streams.ReferenceTotals;
import io.sirocco.streams.reconciliation.HourCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTopologyTest {
  private static final Instant BEGIN = Instant.parse("2026-11-20T00:00:00Z");
  private static final int EVENTS = 120;

  @TempDir
  private Path folder;

  @Test
  void whatCameBeforeARestartIsKnownBehindIt() throws IOException {
    Random random = new Random(9);
    RandomUsage usage = RandomUsage.of(BEGIN, EVENTS, random);
    List<Object> sent = new ArrayList<>(usage.shuffledWithCopies(random));
    usage.events().forEach(event -> sent.add(receipt(event)));
    Collections.shuffle(sent, random);
    int half = sent.size() / 2;
    Map<UsageKey, WindowTotals> totals = new HashMap<>();

    try (TopologyFixture before = open(usage)) {
      send(before, sent, 0, half);
      totals.putAll(before.totals());
      // Else nothing is left for the time behind the restart.
      assertThat(before.reconciliation().total().matched()).isBetween(1L, EVENTS - 1L);
    }
    try (TopologyFixture after = open(usage)) {
      send(after, sent, half, sent.size());
      totals.putAll(after.totals());

      assertThat(ReferenceTotals.of(totals.values()))
          .isEqualTo(ReferenceTotals.of(usage.events(), usage.prices()));
      HourCounts counts = after.reconciliation().total();
      assertThat(counts.matched()).isEqualTo(EVENTS);
      assertThat(counts.withoutReceipt() + counts.withoutBill() + counts.differing())
          .isZero();
    }
  }

  private static void send(TopologyFixture topology, List<Object> sent, int from, int to) {
    for (int i = from; i < to; i++) {
      Instant comes = BEGIN.plus(RandomUsage.SPAN).plusMillis(i);
      if (sent.get(i) instanceof UsageEvent bill) {
        topology.useAt(comes, bill);
      } else {
        topology.receive(comes, (Receipt) sent.get(i));
      }
    }
  }

  /** A driver that is closed deletes its folder: behind a link what it wrote stays. */
  private TopologyFixture open(RandomUsage usage) throws IOException {
    Path kept = Files.createDirectories(folder.resolve("kept"));
    Path application = Files.createDirectories(folder.resolve("usage"));
    Files.createSymbolicLink(application.resolve("0_0"), kept);
    TopologyFixture topology = new TopologyFixture(UsageMemory.DEFAULTS, folder);
    // Each process reads their topic from its beginning.
    usage
        .prices()
        .values()
        .forEach(list -> topology.prices(list.get(0), list.toArray(Price[]::new)));
    return topology;
  }
}
