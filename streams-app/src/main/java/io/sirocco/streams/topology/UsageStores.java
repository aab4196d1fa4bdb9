package io.sirocco.streams.topology;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.streams.latency.LatencyKey;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.reconciliation.ClaimKey;
import io.sirocco.streams.reconciliation.Claims;
import io.sirocco.streams.reconciliation.Difference;
import io.sirocco.streams.reconciliation.DifferingRequest;
import io.sirocco.streams.reconciliation.HourCounts;
import io.sirocco.streams.row.ClaimKeyRow;
import io.sirocco.streams.row.ClaimsRow;
import io.sirocco.streams.row.HourCountsRow;
import io.sirocco.streams.row.LatencyKeyRow;
import io.sirocco.streams.row.PricedUsageRow;
import io.sirocco.streams.row.UsageKeyRow;
import io.sirocco.streams.row.UsageTotalsRow;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The state stores: their names, which are part of their changelogs' names, and their forms.
 *
 * <p>Immutable.
 */
public final class UsageStores {
  /** An id is a point in time; the store wants windows of some length. */
  private static final Duration POINT = Duration.ofMillis(1);

  /** The ids of the events that were counted, by the time they came. */
  public static final String SEEN = "usage-seen";

  /** The totals of each user, window and model. */
  public static final String TOTALS = "usage-totals";

  /** The totals of all users together, of each window and model. */
  public static final String TOGETHER = "usage-totals-together";

  /** The price lists by model, the same in every process. */
  public static final String PRICES = "prices";

  /** How many answers took how long, by model and window: the buckets of a sketch. */
  public static final String LATENCY = "usage-latency";

  /** Single requests of each user, by the time they came. */
  public static final String REQUESTS = "usage-requests";

  /** What was said about each request, by the time the first word came. */
  public static final String CLAIMS = "usage-claims";

  /** How the bills of each hour stand to what readers saw. */
  public static final String RECONCILED = "usage-reconciled";

  /** The requests whose bill differs from what a reader saw. */
  public static final String DIFFERING = "usage-differing";

  /** Who stands for all users in the keys of {@link #TOGETHER}; no event has that user. */
  public static final String ALL_USERS = "";

  private UsageStores() {}

  static StoreBuilder<WindowStore<ClaimKey, Claims>> claims(Duration memory) {
    return Stores.windowStoreBuilder(
        Stores.persistentWindowStore(CLAIMS, Memory.retention(memory), POINT, false),
        new ClaimKeyRow().serde(),
        new ClaimsRow().serde());
  }

  static StoreBuilder<KeyValueStore<Long, HourCounts>> reconciled() {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(RECONCILED), Serdes.Long(), new HourCountsRow().serde())
        .withCachingEnabled();
  }

  static StoreBuilder<KeyValueStore<DifferingRequest, Difference>> differing(JsonCodec codec) {
    JsonSerdes json = new JsonSerdes(codec);
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(DIFFERING),
        json.of(DifferingRequest.class),
        json.of(Difference.class));
  }

  static StoreBuilder<KeyValueStore<LatencyKey, Long>> latency() {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(LATENCY), new LatencyKeyRow().serde(), Serdes.Long())
        .withCachingEnabled();
  }

  static StoreBuilder<WindowStore<String, PricedUsage>> requests(Duration retention) {
    // Several requests may come in the same millisecond: so duplicates are kept.
    return Stores.windowStoreBuilder(
        Stores.persistentWindowStore(REQUESTS, retention, POINT, true),
        Serdes.String(),
        new PricedUsageRow().serde());
  }

  /** Ids are remembered for at least {@code memory}, and forgotten many at a time. */
  static StoreBuilder<WindowStore<String, byte[]>> seen(Duration memory) {
    return Stores.windowStoreBuilder(
        Stores.persistentWindowStore(SEEN, Memory.retention(memory), POINT, false),
        Serdes.String(),
        Serdes.ByteArray());
  }

  /** One of many users is seldom seen again before the next commit: a cache would only be passed. */
  static StoreBuilder<KeyValueStore<UsageKey, UsageTotals>> totals() {
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(TOTALS),
        new UsageKeyRow().serde(),
        new UsageTotalsRow().serde());
  }

  /** Every event changes these: the cache keeps them from being written each time. */
  static StoreBuilder<KeyValueStore<UsageKey, UsageTotals>> together() {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(TOGETHER),
            new UsageKeyRow().serde(),
            new UsageTotalsRow().serde())
        .withCachingEnabled();
  }

  /** Few and small: they are read from their topic at every start. */
  static StoreBuilder<KeyValueStore<String, byte[]>> prices() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(PRICES), Serdes.String(), Serdes.ByteArray())
        .withLoggingDisabled();
  }
}
