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
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Holds bills against receipts. Either may come first, late, or again: what was counted of a request's
 * claims before is taken back, and what follows from all of them is counted instead.
 *
 * <p>Claims are remembered by the time the first one came, as long as the ids of usage events are; a
 * side that comes later than that stays alone. Under an id that was used very often, those that agree
 * are forgotten, and copies of them count again.
 *
 * <p>Confined to one stream thread.
 */
final class Reconciler implements Processor<String, Object, Void, Void> {
  private final Duration memory;

  // All set by init, which Kafka calls first.
  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<Void, Void> context;

  @SuppressWarnings("NullAway.Init")
  private Memory<ClaimKey, Claims> claims;

  @SuppressWarnings("NullAway.Init")
  private KeyValueStore<Long, HourCounts> hours;

  @SuppressWarnings("NullAway.Init")
  private KeyValueStore<DifferingRequest, Difference> differing;

  Reconciler(Duration memory) {
    this.memory = memory;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    this.context = context;
    WindowStore<ClaimKey, Claims> store = context.getStateStore(UsageStores.CLAIMS);
    claims = new Memory<>(store, memory);
    hours = context.getStateStore(UsageStores.RECONCILED);
    differing = context.getStateStore(UsageStores.DIFFERING);
  }

  @Override
  public void process(Record<String, Object> record) {
    if (record.value() instanceof UsageEvent event) {
      Claim bill = Claim.of(event);
      take(new ClaimKey(event.user(), event.requestId()), claims -> claims.withBill(bill));
    } else if (record.value() instanceof Receipt receipt) {
      Claim seen = Claim.of(receipt);
      take(new ClaimKey(receipt.user(), receipt.requestId()), claims -> claims.withReceipt(seen));
    }
  }

  private void take(ClaimKey key, UnaryOperator<Claims> more) {
    long now = context.currentStreamTimeMs();
    KeyValue<Long, Claims> found = claims.find(key, now);
    if (found == null) {
      change(key, now, Claims.NONE, more.apply(Claims.NONE));
      return;
    }
    Claims known = found.value.isFull() ? found.value.withoutMatched() : found.value;
    if (known.isFull()) {
      // None of so many under one id agrees with any: another one stays alone.
      add(more.apply(Claims.NONE));
    } else {
      change(key, found.key, known, more.apply(known));
    }
  }

  /** @param since when the first claim came */
  private void change(ClaimKey key, long since, Claims before, Claims now) {
    if (now.equals(before)) {
      return;
    }
    claims.put(key, now, since);
    before.counts().forEach((start, counts) -> hours.put(start, counted(start).minus(counts)));
    add(now);
    before.differences().forEach(difference -> differing.delete(request(key, difference)));
    now.differences().forEach(difference -> differing.put(request(key, difference), difference));
  }

  private void add(Claims more) {
    more.counts().forEach((start, counts) -> hours.put(start, counted(start).plus(counts)));
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
