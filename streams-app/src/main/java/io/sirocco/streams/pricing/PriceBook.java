package io.sirocco.streams.pricing;

import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.PriceList;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Knows what a model cost at any time. */
@FunctionalInterface
public interface PriceBook {
  /**
   * Returns the price of {@code model} that applied at a time, in milliseconds since the epoch; null
   * when there was none, which is not the same as a price of 0.
   */
  @Nullable
  Price effectiveAt(String model, long epochMillis);

  /** Returns the book of these lists, one for a model. */
  static PriceBook of(Collection<PriceList> lists) {
    Map<String, PriceList> byModel =
        lists.stream().collect(Collectors.toUnmodifiableMap(PriceList::model, Function.identity()));
    return (model, epochMillis) -> {
      PriceList list = byModel.get(model);
      return list == null ? null : list.effectiveAt(epochMillis);
    };
  }
}
