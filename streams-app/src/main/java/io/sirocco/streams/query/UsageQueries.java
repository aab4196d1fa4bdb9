package io.sirocco.streams.query;

import static java.util.Objects.requireNonNull;

import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.topology.UsageStores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Reads totals from the state stores of this process, as they are now, which is up to a commit
 * earlier than others see them.
 *
 * <p>Where several processes share the work, each knows the users of its own partitions only.
 *
 * <p>All times are first milliseconds of windows: {@code from} is included, {@code to} is not. All
 * methods throw {@link UsageUnavailableException} while the stores are not at hand, and {@link
 * IllegalStateException} when the application has ended.
 *
 * <p>Thread-safe.
 */
public final class UsageQueries {
  /** Before and after any window: the times that keys may have. */
  private static final Instant FIRST = Instant.ofEpochMilli(1_000_000_000_001L);

  private static final Instant LAST = Instant.ofEpochMilli(9_999_999_999_999L);

  private final KafkaStreams streams;

  /** @param streams the application that owns the stores */
  public UsageQueries(KafkaStreams streams) {
    this.streams = requireNonNull(streams, "streams");
  }

  /** Returns the totals of one user, of all models, sorted by time and model. */
  public List<WindowTotals> ofUser(String user, WindowSize window, Instant from, Instant to) {
    // Keys of one user are neighbours, in the order of time. The time before the first one that is
    // wanted, because in JSON a model may sort before the empty one.
    UsageKey first = new UsageKey(user, window, millis(from) - 1, "");
    UsageKey last = new UsageKey(user, window, millis(to), "");
    return read(store -> store.range(first, last), isIn(window, from, to));
  }

  /** Returns the totals of one model, of all users. Looks at every total: for reports. */
  public List<WindowTotals> ofModel(String model, WindowSize window, Instant from, Instant to) {
    return read(
        ReadOnlyKeyValueStore::all,
        isIn(window, from, to).and(key -> key.model().equals(model)));
  }

  /** Returns the totals of all users and models. Looks at every total: for reports. */
  public List<WindowTotals> ofAll(WindowSize window, Instant from, Instant to) {
    return read(ReadOnlyKeyValueStore::all, isIn(window, from, to));
  }

  /** Returns the sum of totals, which must not overlap. */
  public static UsageTotals sum(List<WindowTotals> rows) {
    return rows.stream().map(WindowTotals::totals).reduce(UsageTotals.ZERO, UsageTotals::plus);
  }

  private List<WindowTotals> read(
      Function<
              ReadOnlyKeyValueStore<UsageKey, UsageTotals>, KeyValueIterator<UsageKey, UsageTotals>>
          range,
      Predicate<UsageKey> wanted) {
    try {
      ReadOnlyKeyValueStore<UsageKey, UsageTotals> store =
          streams.store(StoreQueryParameters.fromNameAndType(
              UsageStores.TOTALS, QueryableStoreTypes.keyValueStore()));
      List<WindowTotals> rows = new ArrayList<>();
      try (KeyValueIterator<UsageKey, UsageTotals> all = range.apply(store)) {
        all.forEachRemaining(row -> {
          if (wanted.test(row.key)) {
            rows.add(WindowTotals.of(row.key, row.value));
          }
        });
      }
      return List.copyOf(rows);
    } catch (InvalidStateStoreException e) {
      throw new UsageUnavailableException(e);
    }
  }

  private static Predicate<UsageKey> isIn(WindowSize window, Instant from, Instant to) {
    long fromMillis = millis(from);
    long toMillis = millis(to);
    return key ->
        key.window() == window && key.startMillis() >= fromMillis && key.startMillis() < toMillis;
  }

  private static long millis(Instant time) {
    Instant known = time.isBefore(FIRST) ? FIRST : time.isAfter(LAST) ? LAST : time;
    return known.toEpochMilli();
  }
}
