package io.sirocco.streams.pricefile;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Price;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * LiteLLM's public price map, {@code model_prices_and_context_window.json}: an object a model, with
 * the price of one token as a JSON number such as {@code 7.5e-08}, which is read digit by digit and
 * never as a binary fraction.
 *
 * <p>Models that produce no text from text, and those without prices per token, are left out. A
 * cached token costs as much as another where the map says nothing else.
 *
 * <p>Immutable.
 */
final class LiteLlmPrices {
  private static final String EXAMPLE = "sample_spec";
  private static final Set<String> TEXT_MODES = Set.of("chat", "completion", "responses");
  private static final int PER_MILLION = 6;

  private LiteLlmPrices() {}

  static List<Price> read(byte[] json, String currency, long fromMillis) {
    Map<String, @Nullable Object> models;
    try {
      models = new JsonCodec().readMembers(json);
    } catch (MalformedJsonException e) {
      throw new IllegalArgumentException("expected a price map: " + e.getMessage(), e);
    }
    List<Price> prices = new ArrayList<>();
    models.forEach((model, value) -> {
      if (!model.equals(EXAMPLE) && value instanceof Map<?, ?> members && isText(members)) {
        Price price = price(model, members, currency, fromMillis);
        if (price != null) {
          prices.add(price);
        }
      }
    });
    return prices;
  }

  private static boolean isText(Map<?, ?> members) {
    Object mode = members.get("mode");
    return mode == null || (mode instanceof String text && TEXT_MODES.contains(text));
  }

  private static @Nullable Price price(
      String model, Map<?, ?> members, String currency, long fromMillis) {
    try {
      Decimal prompt = perMillion(members.get("input_cost_per_token"));
      Decimal completion = perMillion(members.get("output_cost_per_token"));
      if (prompt == null || completion == null) {
        return null;
      }
      Decimal cached = perMillion(members.get("cache_read_input_token_cost"));
      return new Price(
          model, prompt, cached == null ? prompt : cached, completion, currency, fromMillis);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(model + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable Decimal perMillion(@Nullable Object perToken) {
    // The decimal's own text has an exponent for small numbers; its value has none of a double's
    // error.
    return perToken instanceof Number number
        ? new Decimal(new BigDecimal(number.toString()).movePointRight(PER_MILLION))
        : null;
  }
}
