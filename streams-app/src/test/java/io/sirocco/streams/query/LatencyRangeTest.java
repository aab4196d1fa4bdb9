package io.sirocco.streams.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.streams.latency.LatencyKey;
import io.sirocco.streams.latency.LatencySketch;
import io.sirocco.streams.row.LatencyKeyRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LatencyRangeTest {
  private static final long BEGIN = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private static final long HOUR = Duration.ofHours(1).toMillis();

  private final SortedRows rows = new SortedRows();

  @Test
  void onlyWhatIsAskedForIsLookedAt() {
    int shortest = LatencySketch.bucketOf(0);
    int longest = LatencySketch.bucketOf(Long.MAX_VALUE);
    for (String model : Set.of("breeze", "gale", "a-model-of-a-longer-name")) {
      for (int hour = 0; hour < 1_000; hour++) {
        for (WindowSize window : WindowSize.KEPT) {
          rows.put(new LatencyKey(model, window, BEGIN + hour * HOUR, shortest), 1);
          rows.put(new LatencyKey(model, window, BEGIN + hour * HOUR, longest), 2);
        }
      }
    }
    UsageQuestion day =
        new UsageQuestion(WindowSize.HOUR, BEGIN + 100 * HOUR, BEGIN + 124 * HOUR, null, null);

    assertThat(UsageQueries.latency(rows, day, Set.of("breeze", "gale")))
        .hasSize(2 * 24 * 2)
        .allMatch(row -> row.key().window() == WindowSize.HOUR)
        .allMatch(row -> row.key().startMillis() >= day.fromMillis())
        .allMatch(row -> row.key().startMillis() < day.toMillis())
        .noneMatch(row -> row.key().model().startsWith("a-"));
    // The end of a range is looked at as well.
    assertThat(rows.lookedAt).isLessThanOrEqualTo(2 * (24 * 2 + 1));
  }

  /** Sorted by the bytes of their keys, as a store has them. */
  private static final class SortedRows implements ReadOnlyKeyValueStore<LatencyKey, Long> {
    private final Serializer<LatencyKey> serializer =
        new LatencyKeyRow().serde().serializer();
    private final TreeMap<Bytes, KeyValue<LatencyKey, Long>> rows = new TreeMap<>();
    int lookedAt;

    void put(LatencyKey key, long count) {
      rows.put(bytes(key), KeyValue.pair(key, count));
    }

    private Bytes bytes(LatencyKey key) {
      return Bytes.wrap(serializer.serialize("", key));
    }

    @Override
    public @Nullable Long get(LatencyKey key) {
      KeyValue<LatencyKey, Long> row = rows.get(bytes(key));
      return row == null ? null : row.value;
    }

    @Override
    public KeyValueIterator<LatencyKey, Long> range(LatencyKey from, LatencyKey to) {
      return iterator(rows.subMap(bytes(from), true, bytes(to), true));
    }

    @Override
    public KeyValueIterator<LatencyKey, Long> all() {
      return iterator(rows);
    }

    private KeyValueIterator<LatencyKey, Long> iterator(
        Map<Bytes, KeyValue<LatencyKey, Long>> some) {
      Iterator<KeyValue<LatencyKey, Long>> rest = some.values().iterator();
      return new KeyValueIterator<>() {
        @Override
        public boolean hasNext() {
          return rest.hasNext();
        }

        @Override
        public KeyValue<LatencyKey, Long> next() {
          lookedAt++;
          return rest.next();
        }

        @Override
        public LatencyKey peekNextKey() {
          throw new UnsupportedOperationException("no question peeks");
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public long approximateNumEntries() {
      return rows.size();
    }
  }
}
