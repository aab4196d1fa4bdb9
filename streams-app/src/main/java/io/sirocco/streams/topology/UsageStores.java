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

  /** The user under which the totals of all users stand; no event has it. */
  public static final String ALL_USERS = "";

  private UsageStores() {}

  static StoreBuilder<WindowStore<ClaimKey, Claims>> claims(JsonCodec codec, Duration retention) {
    JsonSerdes json = new JsonSerdes(codec);
    return Stores.windowStoreBuilder(
        Stores.persistentWindowStore(CLAIMS, retention, POINT, false),
        json.of(ClaimKey.class),
        json.of(Claims.class));
  }

  static StoreBuilder<KeyValueStore<Long, HourCounts>> reconciled(JsonCodec codec) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(RECONCILED),
            Serdes.Long(),
            new JsonSerdes(codec).of(HourCounts.class))
        .withCachingEnabled();
  }

  static StoreBuilder<KeyValueStore<DifferingRequest, Difference>> differing(JsonCodec codec) {
    JsonSerdes json = new JsonSerdes(codec);
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(DIFFERING),
        json.of(DifferingRequest.class),
        json.of(Difference.class));
  }

  static StoreBuilder<KeyValueStore<LatencyKey, Long>> latency(JsonCodec codec) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(LATENCY),
            new JsonSerdes(codec).of(LatencyKey.class),
            Serdes.Long())
        .withCachingEnabled();
  }

  static StoreBuilder<WindowStore<String, PricedUsage>> requests(
      JsonCodec codec, Duration retention) {
    // Several requests may come in the same millisecond: so duplicates are kept.
    return Stores.windowStoreBuilder(
        Stores.persistentWindowStore(REQUESTS, retention, POINT, true),
        Serdes.String(),
        new JsonSerdes(codec).of(PricedUsage.class));
  }

  /** Ids are remembered for at least {@code retention}, and forgotten many at a time. */
  static StoreBuilder<WindowStore<String, byte[]>> seen(Duration retention) {
    return Stores.windowStoreBuilder(
        Stores.persistentWindowStore(SEEN, retention, POINT, false),
        Serdes.String(),
        Serdes.ByteArray());
  }

  /** The cache keeps a user who asks often from being written to the changelog each time. */
  static StoreBuilder<KeyValueStore<UsageKey, UsageTotals>> totals(JsonCodec codec) {
    JsonSerdes json = new JsonSerdes(codec);
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(TOTALS),
            json.of(UsageKey.class),
            json.of(UsageTotals.class))
        .withCachingEnabled();
  }

  /** Few and small: they are read from their topic at every start. */
  static StoreBuilder<KeyValueStore<String, byte[]>> prices() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(PRICES), Serdes.String(), Serdes.ByteArray())
        .withLoggingDisabled();
  }
}
