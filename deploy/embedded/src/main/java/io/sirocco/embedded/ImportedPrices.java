package io.sirocco.embedded;

import io.sirocco.contracts.usage.Price;
import java.util.ArrayList;
import java.util.List;

/**
 * Which models of a price file are wanted, and what they are called here.
 *
 * <p>Immutable.
 *
 * @param models {@code NAME} or {@code NAME=SERVED}; none for all, under their own names
 */
record ImportedPrices(List<String> models) {
  ImportedPrices {
    models = List.copyOf(models);
  }

  /**
   * Returns the prices that are wanted, under the names of the served models.
   *
   * @throws IllegalArgumentException when a model has no price in the file
   */
  List<Price> of(List<Price> file) {
    if (models.isEmpty()) {
      return file;
    }
    List<Price> wanted = new ArrayList<>();
    for (String model : models) {
      // The first one: names in price maps have slashes and colons, but no equals sign.
      int equals = model.indexOf('=');
      String name = equals < 0 ? model : model.substring(0, equals);
      String served = equals < 0 ? model : model.substring(equals + 1);
      int before = wanted.size();
      file.stream()
          .filter(price -> price.model().equals(name))
          .map(price -> renamed(price, served))
          .forEach(wanted::add);
      if (wanted.size() == before) {
        throw new IllegalArgumentException("expected a price of " + name + ", found none");
      }
    }
    return wanted;
  }

  private static Price renamed(Price price, String served) {
    return new Price(
        served,
        price.promptPerMillion(),
        price.cachedPromptPerMillion(),
        price.completionPerMillion(),
        price.currency(),
        price.effectiveFromMillis());
  }
}
