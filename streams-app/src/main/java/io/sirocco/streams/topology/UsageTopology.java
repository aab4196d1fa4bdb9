package io.sirocco.streams.topology;

import static java.util.Objects.requireNonNull;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.Correction;
import io.sirocco.contracts.usage.Receipt;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.WindowTotals;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;

/**
 * Usage events in, totals by user, model and window out.
 *
 * <pre>
 *                                                    ┌─► total ───────┬─► chat.usage.by-user
 * chat.usage ─► intake ─► deduplicate ─────► price ──┼─► latency      │
 *                 │            │               ▲     └─► requests     │
 *                 ▼            ▼               │                      │
 *            chat.usage-dlt  reconcile       prices ◄─ chat.prices    │
 *                 ▲            ▲                                      │
 * chat.receipts ─► intake ─────┘                                      │
 * chat.usage.corrections ─► intake ─► correct (the same totals) ──────┘
 * </pre>
 *
 * <p>All of it is one task for each partition of the usage topic. Its key is the user, so all that
 * is known about a user is at hand, and nothing is partitioned anew. The number of partitions of
 * {@code chat.usage} must therefore stay what it is: users would move, and leave their totals
 * behind.
 *
 * <p>The stream's clock is that of the records, which the broker keeps from running ahead; the time
 * of an event, which a worker's clock decides, chooses its price and its windows and nothing more.
 *
 * <p>Immutable and thread-safe.
 */
public final class UsageTopology implements Supplier<Topology> {
  private static final String EVENTS = "usage-events";
  private static final String INTAKE = "usage-intake";
  private static final String DEDUPLICATE = "usage-deduplicate";
  private static final String PRICE = "usage-price";
  private static final String LATENCY = "usage-latency";
  private static final String REQUESTS = "usage-requests";
  private static final String TOTAL = "usage-total";
  private static final String BY_USER = "usage-by-user";
  private static final String DEAD_LETTERS = "usage-dead-letters";
  private static final String RECEIPTS = "receipts";
  private static final String RECEIPT_INTAKE = "receipt-intake";
  private static final String RECONCILE = "usage-reconcile";
  private static final String CORRECTIONS = "corrections";
  private static final String CORRECTION_INTAKE = "correction-intake";
  private static final String CORRECT = "usage-correct";
  private static final String PRICE_LISTS = "price-lists";
  private static final String PRICE_INTAKE = "price-intake";

  private final UsageMemory memory;
  private final Runnable onCounted;
  private final JsonCodec codec = new JsonCodec();

  /**
   * @param memory how late events and their copies may come
   * @param onCounted is called on the stream's thread for each event that is counted
   */
  public UsageTopology(UsageMemory memory, Runnable onCounted) {
    this.memory = requireNonNull(memory, "memory");
    this.onCounted = requireNonNull(onCounted, "onCounted");
  }

  @Override
  public Topology get() {
    Topology topology = new Topology();
    addPrices(topology);
    addUsage(topology);
    addReceipts(topology);
    addCorrections(topology);
    addSinks(topology);
    return topology;
  }

  private static void addPrices(Topology topology) {
    topology.addGlobalStore(
        UsageStores.prices(),
        PRICE_LISTS,
        new UsePartitionTimeOnInvalidTimestamp(),
        new StringDeserializer(),
        new ByteArrayDeserializer(),
        Topics.PRICES,
        PRICE_INTAKE,
        PriceIntake::new);
  }

  private void addUsage(Topology topology) {
    UsageAdmission admission = new UsageAdmission(codec, memory.grace());
    addSource(topology, EVENTS, Topics.USAGE)
        .addProcessor(
            INTAKE, () -> new RecordIntake<>(admission::admit, DEDUPLICATE, DEAD_LETTERS), EVENTS)
        .addProcessor(DEDUPLICATE, () -> new Deduplicator(memory.seen()), INTAKE)
        .addProcessor(PRICE, () -> new UsagePricer(codec, onCounted), DEDUPLICATE)
        .addProcessor(TOTAL, UsageTotaliser::new, PRICE)
        .addProcessor(LATENCY, LatencyCounter::new, PRICE)
        .addProcessor(REQUESTS, RequestKeeper::new, PRICE)
        .addStateStore(UsageStores.seen(memory.seen()), DEDUPLICATE)
        .addStateStore(UsageStores.latency(), LATENCY)
        .addStateStore(UsageStores.requests(memory.requests()), REQUESTS);
  }

  private void addReceipts(Topology topology) {
    UserRecords<Receipt> receipts =
        new UserRecords<>(codec, Receipt.class, "a receipt", Receipt::user);
    addSource(topology, RECEIPTS, Topics.RECEIPTS)
        .addProcessor(
            RECEIPT_INTAKE,
            () -> new RecordIntake<>(
                (key, value, now) -> receipts.read(key, value), RECONCILE, DEAD_LETTERS),
            RECEIPTS)
        .addProcessor(RECONCILE, () -> new Reconciler(memory.seen()), DEDUPLICATE, RECEIPT_INTAKE)
        .addStateStore(UsageStores.claims(memory.seen()), RECONCILE)
        .addStateStore(UsageStores.reconciled(), RECONCILE)
        .addStateStore(UsageStores.differing(codec), RECONCILE);
  }

  private void addCorrections(Topology topology) {
    UserRecords<Correction> corrections =
        new UserRecords<>(codec, Correction.class, "a correction", Correction::user);
    addSource(topology, CORRECTIONS, Topics.CORRECTIONS)
        .addProcessor(
            CORRECTION_INTAKE,
            () -> new RecordIntake<>(
                (key, value, now) -> corrections.read(key, value), CORRECT, DEAD_LETTERS),
            CORRECTIONS)
        .addProcessor(CORRECT, () -> new Corrector(onCounted), CORRECTION_INTAKE)
        .addStateStore(UsageStores.totals(), TOTAL, CORRECT)
        .addStateStore(UsageStores.together(), TOTAL, CORRECT);
  }

  private static Topology addSource(Topology topology, String name, String topic) {
    return topology.addSource(
        AutoOffsetReset.earliest(),
        name,
        new UsePartitionTimeOnInvalidTimestamp(),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topic);
  }

  private void addSinks(Topology topology) {
    JsonSerdes json = new JsonSerdes(codec);
    topology
        .addSink(
            BY_USER,
            Topics.USAGE_BY_USER,
            json.of(UsageKey.class).serializer(),
            json.of(WindowTotals.class).serializer(),
            TOTAL,
            CORRECT)
        .addSink(
            DEAD_LETTERS,
            Topics.deadLetters(Topics.USAGE),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            INTAKE,
            RECEIPT_INTAKE,
            CORRECTION_INTAKE);
  }
}
