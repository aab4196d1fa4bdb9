package io.sirocco.streams.topology;

import io.sirocco.contracts.usage.Correction;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Corrects what an hour and its day cost, if the correction is the hour's next one: any other is a
 * copy, or was decided by somebody who saw less.
 *
 * <p>Confined to one stream thread.
 */
final class Corrector implements Processor<String, Correction, UsageKey, WindowTotals> {
  private static final Logger LOG = LoggerFactory.getLogger(Corrector.class);

  private final Runnable onCounted;

  // Both set by init, which Kafka calls first.
  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<UsageKey, WindowTotals> context;

  @SuppressWarnings("NullAway.Init")
  private TotalsStore totals;

  Corrector(Runnable onCounted) {
    this.onCounted = onCounted;
  }

  @Override
  public void init(ProcessorContext<UsageKey, WindowTotals> context) {
    this.context = context;
    totals = new TotalsStore(context);
  }

  @Override
  public void process(Record<String, Correction> record) {
    Correction correction = record.value();
    UsageTotals hour = totals.get(correction.key(WindowSize.HOUR));
    if (hour.requests() == 0 || hour.corrections() + 1 != correction.number()) {
      LOG.debug("correction {} is not the next one of its hour", correction.id());
      return;
    }
    for (WindowSize window : WindowSize.KEPT) {
      UsageKey key = correction.key(window);
      UsageTotals now = totals.change(key, before -> before.corrected(correction));
      context.forward(new Record<>(key, WindowTotals.of(key, now), record.timestamp()));
    }
    onCounted.run();
  }
}
