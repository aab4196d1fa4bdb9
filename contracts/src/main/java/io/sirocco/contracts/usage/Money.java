package io.sirocco.contracts.usage;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Currency;

/**
 * An exact amount of a currency. It is rounded nowhere but where it is shown or invoiced.
 *
 * <p>Immutable.
 *
 * @param currency the ISO 4217 code, such as {@code USD}
 * @param amount how much, in whole units of the currency
 */
public record Money(
    @JsonProperty("currency") String currency,
    @JsonProperty("amount") Decimal amount) {

  public Money {
    requireCurrency(requireNonNull(currency, "currency"));
    requireNonNull(amount, "amount");
  }

  /**
   * Returns the sum of two amounts of one currency.
   *
   * @throws IllegalArgumentException when the currencies differ: there is no rate of exchange here
   */
  public Money plus(Money other) {
    if (!currency.equals(other.currency)) {
      throw new IllegalArgumentException(
          "expected an amount in " + currency + ", found one in " + other.currency);
    }
    return new Money(currency, amount.plus(other.amount));
  }

  static void requireCurrency(String code) {
    try {
      Currency.getInstance(code);
    } catch (IllegalArgumentException e) {
      // The JDK's exception has no message.
      throw new IllegalArgumentException(
          "expected the ISO 4217 code of a currency, such as USD, found another text", e);
    }
  }
}
