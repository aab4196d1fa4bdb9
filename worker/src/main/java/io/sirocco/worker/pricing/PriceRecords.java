package io.sirocco.worker.pricing;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.usage.PriceList;
import io.sirocco.worker.follow.TopicFold;
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
public final class PriceRecords implements TopicFold {
  private static final Logger log = LoggerFactory.getLogger(PriceRecords.class);

  private final String model;
  private final ModelPrices prices;
  private final JsonCodec codec = new JsonCodec();
  private @Nullable PriceList latest;

  /**
   * Makes the fold for one model.
   *
   * @param model by its served name; the records of others are passed over
   * @param prices are kept
   */
  public PriceRecords(String model, ModelPrices prices) {
    this.model = model;
    this.prices = prices;
  }

  @Override
  public void take(ConsumerRecord<String, byte[]> record) {
    if (model.equals(record.key())) {
      latest = record.value() == null ? null : decode(record);
    }
  }

  @Override
  public void clear() {
    latest = null;
  }

  /** Before, a record that was read may be older than the one that counts. */
  @Override
  public void caughtUp() {
    prices.replace(latest);
  }

  @Override
  public void lost() {
    prices.replace(null);
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
