package io.sirocco.streams.topology;

import io.sirocco.streams.pricing.PricedUsage;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Keeps single requests for a while, so that a bill can be looked at line by line.
 *
 * <p>They are kept by the time they came: an event that is ahead of its time must not make the store
 * forget the others.
 *
 * <p>Confined to one stream thread.
 */
final class RequestKeeper implements Processor<String, PricedUsage, Void, Void> {
  // Both set by init, which Kafka calls first.
  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<Void, Void> context;

  @SuppressWarnings("NullAway.Init")
  private WindowStore<String, PricedUsage> store;

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    this.context = context;
    store = context.getStateStore(UsageStores.REQUESTS);
  }

  @Override
  public void process(Record<String, PricedUsage> record) {
    store.put(record.key(), record.value(), context.currentStreamTimeMs());
  }
}
