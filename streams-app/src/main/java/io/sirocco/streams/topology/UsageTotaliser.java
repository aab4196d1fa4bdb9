package io.sirocco.streams.topology;

import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.pricing.PricedUsage;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Adds each event to its own windows, however late it comes.
 *
 * <p>Confined to one stream thread.
 */
final class UsageTotaliser implements Processor<String, PricedUsage, UsageKey, WindowTotals> {
  // Both set by init, which Kafka calls first.
  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<UsageKey, WindowTotals> context;

  @SuppressWarnings("NullAway.Init")
  private TotalsStore totals;

  @Override
  public void init(ProcessorContext<UsageKey, WindowTotals> context) {
    this.context = context;
    totals = new TotalsStore(context);
  }

  @Override
  public void process(Record<String, PricedUsage> record) {
    UsageTotals used = record.value().totals();
    for (WindowSize window : WindowSize.KEPT) {
      UsageKey key = UsageKey.of(record.value().event(), window);
      UsageTotals now = totals.change(key, before -> before.plus(used));
      context.forward(new Record<>(key, WindowTotals.of(key, now), record.timestamp()));
    }
  }
}
