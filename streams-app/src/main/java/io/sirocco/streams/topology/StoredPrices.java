package io.sirocco.streams.topology;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.PriceList;
import io.sirocco.streams.pricing.PriceBook;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The prices as the global store has them now. A list that cannot be read prices nothing: a slip of
 * the pen must not stop the others' bills, and what is unpriced is seen.
 *
 * <p>Confined to one thread.
 */
public final class StoredPrices implements PriceBook {
  private static final Logger LOG = LoggerFactory.getLogger(StoredPrices.class);

  private final ReadOnlyKeyValueStore<String, byte[]> store;
  private final JsonCodec codec;

  /** Decoded lists, so that not every event decodes its list again. */
  private final Map<String, Decoded> decoded = new HashMap<>();

  /**
   * Reads prices where they are kept.
   *
   * @param store lists by model, as JSON
   * @param codec reads them
   */
  public StoredPrices(ReadOnlyKeyValueStore<String, byte[]> store, JsonCodec codec) {
    this.store = store;
    this.codec = codec;
  }

  @Override
  public @Nullable Price effectiveAt(String model, long epochMillis) {
    byte[] json = store.get(model);
    if (json == null) {
      return null;
    }
    Decoded known = decoded.get(model);
    if (known == null || !Arrays.equals(known.json, json)) {
      known = new Decoded(json, decode(model, json));
      decoded.put(model, known);
    }
    return known.list == null ? null : known.list.effectiveAt(epochMillis);
  }

  private @Nullable PriceList decode(String model, byte[] json) {
    try {
      PriceList list = codec.read(json, PriceList.class);
      if (list.model().equals(model)) {
        return list;
      }
      LOG.error("expected prices of {} under its key, found those of {}", model, list.model());
    } catch (MalformedJsonException e) {
      LOG.error("the prices of {} cannot be read, field {}: {}", model, e.field(), e.getMessage());
    }
    return null;
  }

  /** A list and the bytes it was decoded from; null if they cannot be read. */
  private static final class Decoded {
    final byte[] json;
    final @Nullable PriceList list;

    Decoded(byte[] json, @Nullable PriceList list) {
      this.json = json;
      this.list = list;
    }
  }
}
