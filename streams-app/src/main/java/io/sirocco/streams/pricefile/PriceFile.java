package io.sirocco.streams.pricefile;

import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.PriceList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * A file of prices: LiteLLM's price map where its name ends in {@code .json}, otherwise CSV.
 *
 * <p>Immutable.
 */
public final class PriceFile {
  private PriceFile() {}

  /**
   * Reads the prices of a file.
   *
   * @param currency the currency of prices that name none
   * @param fromMillis when prices begin to apply that do not say so, in milliseconds since the epoch
   * @throws IOException when the file cannot be read
   * @throws IllegalArgumentException when it holds something else; the message says where
   */
  public static List<Price> read(Path file, String currency, long fromMillis) throws IOException {
    byte[] content = Files.readAllBytes(file);
    boolean json = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".json");
    return json
        ? LiteLlmPrices.read(content, currency, fromMillis)
        : CsvPrices.read(content, currency, fromMillis);
  }

  /**
   * Returns those of {@code prices} that would change something: importing a file again adds
   * nothing.
   */
  public static List<Price> changes(List<Price> prices, Collection<PriceList> known) {
    return prices.stream().filter(price -> !isKnown(price, known)).toList();
  }

  private static boolean isKnown(Price price, Collection<PriceList> known) {
    for (PriceList list : known) {
      if (list.model().equals(price.model())) {
        Price effective = list.effectiveAt(price.effectiveFromMillis());
        return effective != null && costsTheSame(effective, price);
      }
    }
    return false;
  }

  private static boolean costsTheSame(Price one, Price other) {
    return one.promptPerMillion().equals(other.promptPerMillion())
        && one.cachedPromptPerMillion().equals(other.cachedPromptPerMillion())
        && one.completionPerMillion().equals(other.completionPerMillion())
        && one.currency().equals(other.currency());
  }
}
