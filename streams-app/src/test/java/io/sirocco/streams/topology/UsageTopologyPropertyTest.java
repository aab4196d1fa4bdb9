package io.sirocco.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.RandomUsage;
import io.sirocco.streams.ReferenceTotals;
import io.sirocco.streams.latency.LatencySketch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTopologyPropertyTest {
  private static final Instant BEGIN = Instant.parse("2026-11-20T00:00:00Z");
  private static final int EVENTS = 400;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyOrderAndAnyCopiesGiveTheSumOverUniqueEvents(long seed, @TempDir Path folder) {
    Random random = new Random(seed);
    RandomUsage usage = RandomUsage.of(BEGIN, EVENTS, random);
    List<UsageEvent> sent = usage.shuffledWithCopies(random);

    try (TopologyFixture topology = new TopologyFixture(UsageMemory.DEFAULTS, folder)) {
      usage
          .prices()
          .values()
          .forEach(list -> topology.prices(list.get(0), list.toArray(Price[]::new)));
      // They come one after the other, whenever they happened.
      for (int i = 0; i < sent.size(); i++) {
        topology.useAt(BEGIN.plus(RandomUsage.SPAN).plusMillis(i), sent.get(i));
      }

      assertThat(ReferenceTotals.of(topology.totals().values()))
          .isEqualTo(ReferenceTotals.of(usage.events(), usage.prices()));
      assertThat(latency(topology)).isEqualTo(latency(usage.events()));
      assertThat(topology.deadLetters()).isEmpty();
      // Else the usage is too tame to say anything.
      assertThat(sent).hasSizeGreaterThan(EVENTS * 5 / 4);
      assertThat(topology.totals().values())
          .extracting(WindowTotals::totals)
          .anyMatch(totals -> totals.cost().size() == 2)
          .anyMatch(totals -> totals.unpricedTokens() > 0 && !totals.cost().isEmpty())
          .anyMatch(totals -> totals.unpricedTokens() > 0 && totals.cost().isEmpty())
          .extracting(UsageTotals::failures)
          .anyMatch(failures -> failures > 0);
    }
  }

  /** The day's counts of each model. */
  private static Map<String, Map<Integer, Long>> latency(TopologyFixture topology) {
    return IntStream.range(0, 6)
        .mapToObj(model -> "m" + model)
        .collect(Collectors.toMap(
            model -> model, model -> topology.latency(model, WindowSize.DAY, BEGIN)));
  }

  private static Map<String, Map<Integer, Long>> latency(List<UsageEvent> events) {
    return events.stream()
        .filter(event -> event.outcome().equals("stop"))
        .filter(event -> event.endedMillis() < BEGIN.plus(Duration.ofDays(1)).toEpochMilli())
        .collect(Collectors.groupingBy(
            UsageEvent::model,
            Collectors.groupingBy(
                event -> LatencySketch.bucketOf(event.endedMillis() - event.requestedMillis()),
                Collectors.counting())));
  }
}
