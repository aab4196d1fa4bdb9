package io.sirocco.streams.topology;

import static io.sirocco.streams.TestUsage.receipt;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.usage.Receipt;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.streams.RandomUsage;
import io.sirocco.streams.reconciliation.HourCounts;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconciliationPropertyTest {
  private static final Instant BEGIN = Instant.parse("2026-11-20T00:00:00Z");
  private static final int EVENTS = 300;

  /** What became of each request, chosen at random: the model of the test. */
  private enum Fate {
    MATCHED,
    DIFFERING,
    WITHOUT_RECEIPT,
    WITHOUT_BILL
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void anyOrderAndAnyCopiesGiveTheSameCounts(long seed, @TempDir Path folder) {
    Random random = new Random(seed);
    List<Object> sent = new ArrayList<>();
    Map<Long, Map<Fate, Long>> expected = new HashMap<>();
    for (UsageEvent bill : RandomUsage.of(BEGIN, EVENTS, random).events()) {
      Fate fate = Fate.values()[random.nextInt(Fate.values().length)];
      Receipt receipt = receipt(bill, bill.completionTokens() + (fate == Fate.DIFFERING ? 1 : 0));
      if (fate != Fate.WITHOUT_BILL) {
        sent.add(bill);
      }
      if (fate != Fate.WITHOUT_RECEIPT) {
        sent.add(receipt);
      }
      long ended = fate == Fate.WITHOUT_BILL ? receipt.endedMillis() : bill.endedMillis();
      expected
          .computeIfAbsent(WindowSize.HOUR.startOf(ended), any -> new EnumMap<>(Fate.class))
          .merge(fate, 1L, Long::sum);
    }
    List<Object> copies = new ArrayList<>(sent);
    copies.removeIf(any -> random.nextBoolean());
    sent.addAll(copies);
    Collections.shuffle(sent, random);

    try (TopologyFixture topology = new TopologyFixture(UsageMemory.DEFAULTS, folder)) {
      for (int i = 0; i < sent.size(); i++) {
        Instant comes = BEGIN.plus(RandomUsage.SPAN).plusMillis(i);
        if (sent.get(i) instanceof UsageEvent bill) {
          topology.useAt(comes, bill);
        } else {
          topology.receive(comes, (Receipt) sent.get(i));
        }
      }

      assertThat(counts(topology.reconciliation().hours())).isEqualTo(lists(expected));
      assertThat(topology.reconciliation().differing()).hasSize((int) expected.values().stream()
          .mapToLong(counts -> counts.getOrDefault(Fate.DIFFERING, 0L))
          .sum());
    }
  }

  private static Map<Long, List<Long>> counts(List<HourCounts> hours) {
    return hours.stream()
        .collect(Collectors.toMap(
            HourCounts::startMillis,
            hour -> List.of(
                hour.matched(), hour.differing(), hour.withoutReceipt(), hour.withoutBill())));
  }

  private static Map<Long, List<Long>> lists(Map<Long, Map<Fate, Long>> counts) {
    Map<Long, List<Long>> lists = new HashMap<>();
    counts.forEach((hour, of) -> lists.put(
        hour,
        Arrays.stream(Fate.values()).map(fate -> of.getOrDefault(fate, 0L)).toList()));
    return lists;
  }
}
