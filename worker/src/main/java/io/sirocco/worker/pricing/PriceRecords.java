package io.sirocco.worker.pricing;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.usage.PriceList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fold of {@code chat.prices} for one model: its last record counts. One that cannot be read means
 * that no price is known, as it does to the bill.
 *
 * <p>Confined to the prices thread.
 */
final class PriceRecords {
  private static final Logger log = LoggerFactory.getLogger(PriceRecords.class);

  private final String model;
  private final JsonCodec codec = new JsonCodec();
  private @Nullable PriceList latest;

  /** Takes nothing but the records of {@code model}, by its served name. */
  PriceRecords(String model) {
    this.model = model;
  }

  /** Takes the next record, of any model. */
  void take(ConsumerRecord<String, byte[]> record) {
    if (model.equals(record.key())) {
      latest = record.value() == null ? null : decode(record);
    }
  }

  /** Begins anew: nothing was read. */
  void clear() {
    latest = null;
  }

  /** The prices after what was read, or null when there are none. */
  @Nullable
  PriceList latest() {
    return latest;
  }

  private @Nullable PriceList decode(ConsumerRecord<String, byte[]> record) {
    try {
      PriceList list = codec.read(record.value(), PriceList.class);
      if (list.model().equals(model)) {
        return list;
      }
      log.warn(
          "prices ignored model={} offset={}: expected those of that model, found those of {}",
          model,
          record.offset(),
          list.model());
    } catch (MalformedJsonException e) {
      log.warn(
          "prices ignored, they cannot be read model={} offset={} field={}: {}",
          model,
          record.offset(),
          e.field(),
          e.getMessage());
    }
    return null;
  }
}
