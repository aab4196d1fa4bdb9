package io.sirocco.streams.query;

import static java.util.Objects.requireNonNull;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.latency.LatencyKey;
import io.sirocco.streams.pricing.PriceBook;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.reconciliation.Difference;
import io.sirocco.streams.reconciliation.DifferingRequest;
import io.sirocco.streams.reconciliation.HourCounts;
import io.sirocco.streams.reconciliation.Reconciliation;
import io.sirocco.streams.topology.StoredPrices;
import io.sirocco.streams.topology.UsageStores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreType;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyWindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/**
 * Reads usage from the state stores of this process, as they are now, which is up to a commit earlier
 * than others see them.
 *
 * <p>Where several processes share the work, each knows the users of its own partitions only.
 *
 * <p>All times are first milliseconds of windows: {@code from} is included, {@code to} is not. All
 * methods throw {@link UsageUnavailableException} while the stores are not at hand, and when the
 * application has ended.
 *
 * <p>Thread-safe.
 */
public final class UsageQueries implements UsageSource {
  /** Before and after any window: the times that keys may have. */
  private static final long FIRST = 1_000_000_000_001L;

  private static final long LAST = 9_999_999_999_999L;

  /** More than anybody looks at: one is too many. */
  private static final int MOST_DIFFERENCES = 1000;

  private static final Comparator<WindowTotals> ORDER = Comparator.comparing(WindowTotals::user)
      .thenComparing(WindowTotals::startMillis)
      .thenComparing(WindowTotals::model);

  private final KafkaStreams streams;

  /** @param streams the application that owns the stores */
  public UsageQueries(KafkaStreams streams) {
    this.streams = requireNonNull(streams, "streams");
  }

  /** Returns the totals of one user, of all models, sorted by time and model. */
  public List<WindowTotals> ofUser(String user, WindowSize window, Instant from, Instant to) {
    return totals(new UsageQuestion(window, millis(from), millis(to), user, null));
  }

  /** Returns the totals of one model, of all users. Looks at every total: for reports. */
  public List<WindowTotals> ofModel(String model, WindowSize window, Instant from, Instant to) {
    return totals(new UsageQuestion(window, millis(from), millis(to), null, model));
  }

  /** Returns the totals of all users and models. Looks at every total: for reports. */
  public List<WindowTotals> ofAll(WindowSize window, Instant from, Instant to) {
    return totals(new UsageQuestion(window, millis(from), millis(to), null, null));
  }

  /** Returns the sum of totals, which must not overlap. */
  public static UsageTotals sum(List<WindowTotals> rows) {
    return rows.stream().map(WindowTotals::totals).reduce(UsageTotals.ZERO, UsageTotals::plus);
  }

  @Override
  public List<WindowTotals> totals(UsageQuestion question) {
    ReadOnlyKeyValueStore<UsageKey, UsageTotals> store =
        store(storeOf(question), QueryableStoreTypes.keyValueStore());
    List<WindowTotals> rows = new ArrayList<>();
    try (KeyValueIterator<UsageKey, UsageTotals> all = range(store, question)) {
      all.forEachRemaining(row -> {
        UsageKey key = row.key;
        if (question.asksFor(key.window(), key.startMillis(), key.model())) {
          rows.add(WindowTotals.of(key, row.value));
        }
      });
    } catch (InvalidStateStoreException e) {
      throw new UsageUnavailableException(e);
    }
    rows.sort(ORDER);
    return List.copyOf(rows);
  }

  private static String storeOf(UsageQuestion question) {
    return UsageStores.ALL_USERS.equals(question.user())
        ? UsageStores.TOGETHER
        : UsageStores.TOTALS;
  }

  private static KeyValueIterator<UsageKey, UsageTotals> range(
      ReadOnlyKeyValueStore<UsageKey, UsageTotals> store, UsageQuestion question) {
    if (question.user() == null) {
      return store.all();
    }
    // Keys of one user and one size of window are neighbours, in the order of time.
    return store.range(
        key(question.user(), question, known(question.fromMillis())),
        key(question.user(), question, known(question.toMillis())));
  }

  private static UsageKey key(String user, UsageQuestion question, long startMillis) {
    return new UsageKey(user, question.window(), startMillis, "");
  }

  @Override
  public List<LatencyCount> latency(UsageQuestion question) {
    ReadOnlyKeyValueStore<LatencyKey, Long> store =
        store(UsageStores.LATENCY, QueryableStoreTypes.keyValueStore());
    try {
      return latency(store, question, models(question));
    } catch (InvalidStateStoreException e) {
      throw new UsageUnavailableException(e);
    }
  }

  static List<LatencyCount> latency(
      ReadOnlyKeyValueStore<LatencyKey, Long> store, UsageQuestion question, Set<String> models) {
    List<LatencyCount> counts = new ArrayList<>();
    for (String model : models) {
      // Keys of one model and one size of window are neighbours, in the order of time.
      try (KeyValueIterator<LatencyKey, Long> rows = store.range(
          first(model, question, question.fromMillis()),
          first(model, question, question.toMillis()))) {
        rows.forEachRemaining(row -> {
          if (question.asksFor(row.key.window(), row.key.startMillis(), row.key.model())) {
            counts.add(new LatencyCount(row.key, row.value));
          }
        });
      }
    }
    return List.copyOf(counts);
  }

  /** Of all buckets 0 comes first. */
  private static LatencyKey first(String model, UsageQuestion question, long startMillis) {
    return new LatencyKey(model, question.window(), known(startMillis), 0);
  }

  /** Returns the models that were used in the time of a question. */
  private Set<String> models(UsageQuestion question) {
    return totals(question.ofAllUsers()).stream()
        .map(WindowTotals::model)
        .collect(Collectors.toSet());
  }

  @Override
  public List<PricedUsage> requests(RequestsQuestion question) {
    ReadOnlyWindowStore<String, PricedUsage> store =
        store(UsageStores.REQUESTS, QueryableStoreTypes.windowStore());
    List<PricedUsage> requests = new ArrayList<>();
    try (WindowStoreIterator<PricedUsage> last =
        store.backwardFetch(question.user(), Instant.EPOCH, Instant.ofEpochMilli(LAST))) {
      while (last.hasNext() && requests.size() < question.limit()) {
        requests.add(last.next().value);
      }
    } catch (InvalidStateStoreException e) {
      throw new UsageUnavailableException(e);
    }
    return List.copyOf(requests);
  }

  @Override
  public Reconciliation reconciliation(TimeQuestion question) {
    ReadOnlyKeyValueStore<Long, HourCounts> hours =
        store(UsageStores.RECONCILED, QueryableStoreTypes.keyValueStore());
    ReadOnlyKeyValueStore<DifferingRequest, Difference> differing =
        store(UsageStores.DIFFERING, QueryableStoreTypes.keyValueStore());
    List<HourCounts> counts = new ArrayList<>();
    List<Reconciliation.Row> rows = new ArrayList<>();
    try (KeyValueIterator<Long, HourCounts> all =
            hours.range(question.fromMillis(), question.toMillis() - 1);
        KeyValueIterator<DifferingRequest, Difference> found =
            differing.range(before(question.fromMillis()), before(question.toMillis()))) {
      all.forEachRemaining(row -> counts.add(row.value));
      while (found.hasNext() && rows.size() < MOST_DIFFERENCES) {
        KeyValue<DifferingRequest, Difference> row = found.next();
        rows.add(new Reconciliation.Row(row.key, row.value));
      }
    } catch (InvalidStateStoreException e) {
      throw new UsageUnavailableException(e);
    }
    return Reconciliation.of(counts, rows);
  }

  /** Behind all requests of earlier hours, and before all others: no user is called that. */
  private static DifferingRequest before(long startMillis) {
    return new DifferingRequest(known(startMillis) - 1, "\uffff", "", "");
  }

  /** Returns what models cost, as this process knows it, for one thread. */
  public PriceBook prices() {
    return new StoredPrices(
        store(UsageStores.PRICES, QueryableStoreTypes.keyValueStore()), new JsonCodec());
  }

  private <T> T store(String name, QueryableStoreType<T> type) {
    try {
      return streams.store(StoreQueryParameters.fromNameAndType(name, type));
    } catch (InvalidStateStoreException e) {
      throw new UsageUnavailableException(e);
    } catch (IllegalStateException e) {
      // It has ended, and is started anew by whoever runs it.
      throw new UsageUnavailableException("the usage application does not run", e);
    }
  }

  private static long known(long millis) {
    return Math.min(LAST, Math.max(FIRST, millis));
  }

  private static long millis(Instant time) {
    return time.isBefore(Instant.ofEpochMilli(FIRST))
        ? FIRST
        : time.isAfter(Instant.ofEpochMilli(LAST)) ? LAST : time.toEpochMilli();
  }
}
