package io.sirocco.streams.topology;

import static java.util.Objects.requireNonNull;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
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
 * chat.usage ─► intake ─► deduplicate ─► total ─► chat.usage.by-user
 *                 │                        ▲
 *                 ▼                        │ prices (global store) ◄─ chat.prices
 *            chat.usage-dlt
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
  private static final String TOTAL = "usage-total";
  private static final String BY_USER = "usage-by-user";
  private static final String DEAD_LETTERS = "usage-dead-letters";
  private static final String PRICE_LISTS = "price-lists";
  private static final String PRICE_INTAKE = "price-intake";

  private final UsageMemory memory;
  private final JsonCodec codec = new JsonCodec();

  /** @param memory how late events and their copies may come */
  public UsageTopology(UsageMemory memory) {
    this.memory = requireNonNull(memory, "memory");
  }

  @Override
  public Topology get() {
    Topology topology = new Topology();
    addPrices(topology);
    addUsage(topology);
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
    JsonSerdes json = new JsonSerdes(codec);
    topology
        .addSource(
            AutoOffsetReset.earliest(),
            EVENTS,
            new UsePartitionTimeOnInvalidTimestamp(),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            Topics.USAGE)
        .addProcessor(
            INTAKE, () -> new UsageIntake(codec, memory.grace(), DEDUPLICATE, DEAD_LETTERS), EVENTS)
        .addProcessor(DEDUPLICATE, () -> new Deduplicator(memory.seen()), INTAKE)
        .addProcessor(TOTAL, () -> new UsageTotaliser(codec), DEDUPLICATE)
        .addStateStore(UsageStores.seen(memory.seen()), DEDUPLICATE)
        .addStateStore(UsageStores.totals(codec), TOTAL)
        .addSink(
            BY_USER,
            Topics.USAGE_BY_USER,
            json.of(UsageKey.class).serializer(),
            json.of(WindowTotals.class).serializer(),
            TOTAL)
        .addSink(
            DEAD_LETTERS,
            Topics.deadLetters(Topics.USAGE),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            INTAKE);
  }
}
