package io.sirocco.streams.topology;

import io.sirocco.contracts.usage.Receipt;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.streams.reconciliation.Claim;
import io.sirocco.streams.reconciliation.ClaimKey;
import io.sirocco.streams.reconciliation.Claims;
import io.sirocco.streams.reconciliation.Difference;
import io.sirocco.streams.reconciliation.DifferingRequest;
import io.sirocco.streams.reconciliation.HourCounts;
import java.time.Duration;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/**
 * Holds bills against receipts. Either may come first, late, or again: what was counted of a request's
 * claims before is taken back, and what follows from all of them is counted instead.
 *
 * <p>Claims are remembered by the time the first one came, as long as the ids of usage events are; a
 * side that comes later than that stays alone.
 *
 * <p>Confined to one stream thread.
 */
final class Reconciler implements Processor<String, Object, Void, Void> {
  private final long memoryMillis;

  // All set by init, which Kafka calls first.
  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<Void, Void> context;

  @SuppressWarnings("NullAway.Init")
  private WindowStore<ClaimKey, Claims> claims;

  @SuppressWarnings("NullAway.Init")
  private KeyValueStore<Long, HourCounts> hours;

  @SuppressWarnings("NullAway.Init")
  private KeyValueStore<DifferingRequest, Difference> differing;

  Reconciler(Duration memory) {
    memoryMillis = memory.toMillis();
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    this.context = context;
    claims = context.getStateStore(UsageStores.CLAIMS);
    hours = context.getStateStore(UsageStores.RECONCILED);
    differing = context.getStateStore(UsageStores.DIFFERING);
  }

  @Override
  public void process(Record<String, Object> record) {
    if (record.value() instanceof UsageEvent event) {
      ClaimKey key = new ClaimKey(event.user(), event.requestId());
      KeyValue<Long, Claims> known = known(key);
      change(key, known, known.value.withBill(Claim.of(event)));
    } else if (record.value() instanceof Receipt receipt) {
      ClaimKey key = new ClaimKey(receipt.user(), receipt.requestId());
      KeyValue<Long, Claims> known = known(key);
      change(key, known, known.value.withReceipt(Claim.of(receipt)));
    }
  }

  /** What was claimed so far, and when the first claim came. */
  private KeyValue<Long, Claims> known(ClaimKey key) {
    long now = context.currentStreamTimeMs();
    try (WindowStoreIterator<Claims> rows =
        claims.fetch(key, Math.max(0, now - memoryMillis), now)) {
      return rows.hasNext() ? rows.next() : KeyValue.pair(now, Claims.NONE);
    }
  }

  private void change(ClaimKey key, KeyValue<Long, Claims> known, Claims now) {
    Claims before = known.value;
    if (now.equals(before)) {
      return;
    }
    claims.put(key, now, known.key);
    before.counts().forEach((start, counts) -> hours.put(start, counted(start).minus(counts)));
    now.counts().forEach((start, counts) -> hours.put(start, counted(start).plus(counts)));
    before.differences().forEach(difference -> differing.delete(request(key, difference)));
    now.differences().forEach(difference -> differing.put(request(key, difference), difference));
  }

  private HourCounts counted(long startMillis) {
    HourCounts counts = hours.get(startMillis);
    return counts == null ? HourCounts.none(startMillis) : counts;
  }

  private static DifferingRequest request(ClaimKey key, Difference difference) {
    return new DifferingRequest(
        WindowSize.HOUR.startOf(difference.bill().endedMillis()),
        key.user(),
        key.requestId(),
        difference.bill().id());
  }
}
