package io.sirocco.streams.row;

import io.sirocco.streams.reconciliation.Claim;
import io.sirocco.streams.reconciliation.Claims;

/**
 * All that was said about a request.
 *
 * <p>Immutable and thread-safe.
 */
public final class ClaimsRow implements Row<Claims> {
  private static final Row<Claim> CLAIM = new ClaimRow();

  @Override
  public void write(Claims claims, RowWriter row) {
    row.list(claims.bills(), CLAIM);
    row.list(claims.receipts(), CLAIM);
  }

  @Override
  public Claims read(RowReader row) {
    return new Claims(row.list(CLAIM), row.list(CLAIM));
  }

  private static final class ClaimRow implements Row<Claim> {
    @Override
    public void write(Claim claim, RowWriter row) {
      row.text(claim.id());
      row.number(claim.endedMillis());
      row.number(claim.promptTokens());
      row.number(claim.cachedTokens());
      row.number(claim.completionTokens());
      row.number(claim.seenTokens());
    }

    @Override
    public Claim read(RowReader row) {
      return new Claim(
          row.text(), row.number(), row.count(), row.count(), row.count(), row.count());
    }
  }
}
