package io.sirocco.contracts.usage;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All prices of one model, past and to come: the value on {@code chat.prices}, whose key is the
 * model.
 *
 * <p>The whole list is one record, because the topic is compacted: a key keeps its last record only,
 * and an old price must stay for events that come late. So a reader sees either all of a change or
 * nothing of it, and looks a price up without a search over keys. Who adds a price writes the list
 * anew, see {@link #with}.
 *
 * <p>Immutable.
 *
 * @param prices at least one, all of one model, sorted by the time of effect, no two with the same
 */
public record PriceList(@JsonProperty("prices") List<Price> prices) {
  private static final Comparator<Price> BY_EFFECT =
      Comparator.comparingLong(Price::effectiveFromMillis);

  public PriceList {
    prices = requireNonNull(prices, "prices").stream().sorted(BY_EFFECT).toList();
    if (prices.isEmpty()) {
      throw new IllegalArgumentException("expected at least one price, found none");
    }
    for (int i = 1; i < prices.size(); i++) {
      if (!prices.get(i).model().equals(prices.get(0).model())) {
        throw new IllegalArgumentException("expected prices of one model, found two models");
      }
      if (prices.get(i).effectiveFromMillis() == prices.get(i - 1).effectiveFromMillis()) {
        throw new IllegalArgumentException(
            "expected one price for a time, found two that apply from "
                + prices.get(i).effectiveFromMillis());
      }
    }
  }

  /** Returns the list of that one price. */
  public static PriceList of(Price price) {
    return new PriceList(List.of(price));
  }

  /** The model whose prices these are. */
  public String model() {
    return prices.get(0).model();
  }

  /** Returns the list with {@code price}, which takes the place of one with its time of effect. */
  public PriceList with(Price price) {
    List<Price> all = new ArrayList<>(prices);
    all.removeIf(old -> old.effectiveFromMillis() == price.effectiveFromMillis());
    all.add(price);
    return new PriceList(all);
  }

  /** Returns the price that applies at a time, or null when there was none yet. */
  public @Nullable Price effectiveAt(long epochMillis) {
    Price effective = null;
    for (Price price : prices) {
      if (price.effectiveFromMillis() <= epochMillis) {
        effective = price;
      }
    }
    return effective;
  }
}
