package io.sirocco.streams.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.Correction;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.PriceList;
import io.sirocco.contracts.usage.Receipt;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.latency.LatencyKey;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.reconciliation.ClaimKey;
import io.sirocco.streams.reconciliation.Claims;
import io.sirocco.streams.reconciliation.Difference;
import io.sirocco.streams.reconciliation.DifferingRequest;
import io.sirocco.streams.reconciliation.HourCounts;
import io.sirocco.streams.reconciliation.Reconciliation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The usage topology without a broker: events and prices in, totals and dead letters out.
 *
 * <p>Confined to the thread of its test.
 */
final class TopologyFixture implements AutoCloseable {
  private final JsonCodec codec = new JsonCodec();
  private final AtomicInteger counted = new AtomicInteger();
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte @Nullable [], byte @Nullable []> usage;
  private final TestInputTopic<byte @Nullable [], byte @Nullable []> receipts;
  private final TestInputTopic<byte @Nullable [], byte @Nullable []> corrections;
  private final TestInputTopic<String, byte @Nullable []> prices;
  private final TestOutputTopic<byte[], byte[]> byUser;
  private final TestOutputTopic<byte @Nullable [], byte @Nullable []> deadLetters;
  private final Map<UsageKey, WindowTotals> totals = new HashMap<>();

  TopologyFixture(UsageMemory memory, Path stateFolder) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "usage");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
    driver = new TopologyTestDriver(
        new UsageTopology(memory, counted::incrementAndGet).get(), properties);
    usage =
        driver.createInputTopic(Topics.USAGE, new ByteArraySerializer(), new ByteArraySerializer());
    receipts = driver.createInputTopic(
        Topics.RECEIPTS, new ByteArraySerializer(), new ByteArraySerializer());
    corrections = driver.createInputTopic(
        Topics.CORRECTIONS, new ByteArraySerializer(), new ByteArraySerializer());
    prices =
        driver.createInputTopic(Topics.PRICES, new StringSerializer(), new ByteArraySerializer());
    byUser = driver.createOutputTopic(
        Topics.USAGE_BY_USER, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    deadLetters = driver.createOutputTopic(
        Topics.deadLetters(Topics.USAGE), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  void prices(Price first, Price... others) {
    PriceList list = PriceList.of(first);
    for (Price price : others) {
      list = list.with(price);
    }
    rawPrices(list.model(), codec.writeBytes(list));
  }

  void rawPrices(String model, byte @Nullable [] value) {
    prices.pipeInput(model, value);
  }

  /** The event comes as soon as it has happened. */
  void use(UsageEvent event) {
    useAt(Instant.ofEpochMilli(event.endedMillis()), event);
  }

  void useAt(Instant comes, UsageEvent event) {
    raw(comes, event.user().getBytes(UTF_8), codec.writeBytes(event));
  }

  void raw(Instant comes, byte @Nullable [] key, byte @Nullable [] value) {
    usage.pipeInput(key, value, comes);
  }

  void receive(Instant comes, Receipt receipt) {
    rawReceipt(comes, receipt.user().getBytes(UTF_8), codec.writeBytes(receipt));
  }

  void rawReceipt(Instant comes, byte[] key, byte[] value) {
    receipts.pipeInput(key, value, comes);
  }

  void correct(Correction correction) {
    corrections.pipeInput(
        correction.user().getBytes(UTF_8),
        codec.writeBytes(correction),
        Instant.ofEpochMilli(correction.decidedMillis()));
  }

  /** How bills stand to receipts, over all time. */
  Reconciliation reconciliation() {
    List<HourCounts> counts = new ArrayList<>();
    KeyValueStore<Long, HourCounts> hours = driver.getKeyValueStore(UsageStores.RECONCILED);
    try (KeyValueIterator<Long, HourCounts> rows = hours.all()) {
      rows.forEachRemaining(row -> counts.add(row.value));
    }
    List<Reconciliation.Row> requests = new ArrayList<>();
    KeyValueStore<DifferingRequest, Difference> differing =
        driver.getKeyValueStore(UsageStores.DIFFERING);
    try (KeyValueIterator<DifferingRequest, Difference> rows = differing.all()) {
      rows.forEachRemaining(row -> requests.add(new Reconciliation.Row(row.key, row.value)));
    }
    return Reconciliation.of(counts, requests);
  }

  /** The most bills that are remembered of one id. */
  int mostClaims() {
    WindowStore<ClaimKey, Claims> claims = driver.getWindowStore(UsageStores.CLAIMS);
    int most = 0;
    try (KeyValueIterator<?, Claims> rows = claims.all()) {
      while (rows.hasNext()) {
        most = Math.max(most, rows.next().value.bills().size());
      }
    }
    return most;
  }

  /** What the store says of all users together. */
  UsageTotals ofAll(String model, WindowSize window, Instant time) {
    KeyValueStore<UsageKey, UsageTotals> store = driver.getKeyValueStore(UsageStores.TOGETHER);
    UsageTotals all = store.get(
        new UsageKey(UsageStores.ALL_USERS, window, window.startOf(time.toEpochMilli()), model));
    return all == null ? UsageTotals.ZERO : all;
  }

  /** What the topic says now: of each key the last record. */
  Map<UsageKey, WindowTotals> totals() {
    for (TestRecord<byte[], byte[]> record : byUser.readRecordsToList()) {
      totals.put(read(record.key(), UsageKey.class), read(record.value(), WindowTotals.class));
    }
    return Map.copyOf(totals);
  }

  UsageTotals totals(String user, String model, WindowSize window, Instant time) {
    UsageKey key = new UsageKey(user, window, window.startOf(time.toEpochMilli()), model);
    WindowTotals found = totals().get(key);
    if (found == null) {
      throw new AssertionError("expected totals of " + key + ", found " + totals.keySet());
    }
    return found.totals();
  }

  /** How many answers of a model took how long, by bucket. */
  Map<Integer, Long> latency(String model, WindowSize window, Instant time) {
    Map<Integer, Long> counts = new HashMap<>();
    KeyValueStore<LatencyKey, Long> store = driver.getKeyValueStore(UsageStores.LATENCY);
    try (KeyValueIterator<LatencyKey, Long> rows = store.all()) {
      rows.forEachRemaining(row -> {
        if (row.key.model().equals(model)
            && row.key.window() == window
            && row.key.startMillis() == window.startOf(time.toEpochMilli())) {
          counts.put(row.key.bucket(), row.value);
        }
      });
    }
    return counts;
  }

  /** The requests of a user that came in a time, the first one first. */
  List<PricedUsage> requests(String user, Instant from, Instant to) {
    List<PricedUsage> requests = new ArrayList<>();
    WindowStore<String, PricedUsage> store = driver.getWindowStore(UsageStores.REQUESTS);
    try (WindowStoreIterator<PricedUsage> rows = store.fetch(user, from, to)) {
      rows.forEachRemaining(row -> requests.add(row.value));
    }
    return requests;
  }

  /** How often the application said that it counted something. */
  int counted() {
    return counted.get();
  }

  List<TestRecord<byte @Nullable [], byte @Nullable []>> deadLetters() {
    return deadLetters.readRecordsToList();
  }

  private <T> T read(byte[] json, Class<T> type) {
    try {
      return codec.read(json, type);
    } catch (MalformedJsonException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    driver.close();
  }
}
