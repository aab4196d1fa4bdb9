package io.sirocco.streams.row;

import io.sirocco.contracts.usage.Money;

/**
 * An amount as a part of a row.
 *
 * <p>Immutable and thread-safe.
 */
final class MoneyRow implements Row<Money> {
  @Override
  public void write(Money money, RowWriter row) {
    row.text(money.currency());
    row.decimal(money.amount());
  }

  @Override
  public Money read(RowReader row) {
    return new Money(row.text(), row.decimal());
  }
}
