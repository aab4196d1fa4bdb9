package io.sirocco.streams.topology;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last price list of each model, as it came: at a start Kafka may fill the store from the
 * topic byte by byte, past any check that could be made here.
 *
 * <p>Confined to the global stream thread.
 */
final class PriceIntake implements Processor<@Nullable String, byte @Nullable [], Void, Void> {
  // Set by init, which Kafka calls first.
  @SuppressWarnings("NullAway.Init")
  private KeyValueStore<String, byte[]> prices;

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    prices = context.getStateStore(UsageStores.PRICES);
  }

  @Override
  public void process(Record<@Nullable String, byte @Nullable []> record) {
    String model = record.key();
    if (model == null) {
      return;
    }
    byte[] list = record.value();
    if (list == null) {
      prices.delete(model);
    } else {
      prices.put(model, list);
    }
  }
}
