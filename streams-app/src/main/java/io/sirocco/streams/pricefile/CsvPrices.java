package io.sirocco.streams.pricefile;

import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Price;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;

/**
 * Prices as CSV, in UTF-8, with a line of names first: {@code model}, {@code prompt_per_million},
 * {@code completion_per_million}, and where wanted {@code cached_prompt_per_million}, {@code
 * currency} and {@code effective_from}, a time such as {@code 2026-12-01T00:00:00Z}.
 *
 * <p>Source: RFC 4180.
 *
 * <p>Immutable.
 */
final class CsvPrices {
  private CsvPrices() {}

  static List<Price> read(byte[] csv, String currency, long fromMillis) {
    List<Price> prices = new ArrayList<>();
    try (MappingIterator<Map<String, String>> rows = new CsvMapper()
        .readerForMapOf(String.class)
        .with(CsvSchema.emptySchema().withHeader())
        .readValues(csv)) {
      while (rows.hasNextValue()) {
        prices.add(price(rows.nextValue(), prices.size() + 2, currency, fromMillis));
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "expected CSV, found another text at line " + (prices.size() + 2), e);
    }
    return prices;
  }

  private static Price price(Map<String, String> row, int line, String currency, long fromMillis) {
    try {
      String prompt = required(row, "prompt_per_million");
      String cached = optional(row, "cached_prompt_per_million");
      String of = optional(row, "currency");
      String from = optional(row, "effective_from");
      return new Price(
          required(row, "model"),
          Decimal.of(prompt),
          Decimal.of(cached == null ? prompt : cached),
          Decimal.of(required(row, "completion_per_million")),
          of == null ? currency : of,
          from == null ? fromMillis : Instant.parse(from).toEpochMilli());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "line " + line + ": expected a time such as 2026-12-01T00:00:00Z as effective_from", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("line " + line + ": " + e.getMessage(), e);
    }
  }

  private static String required(Map<String, String> row, String column) {
    String value = optional(row, column);
    if (value == null) {
      throw new IllegalArgumentException("expected a value in the column " + column);
    }
    return value;
  }

  private static @Nullable String optional(Map<String, String> row, String column) {
    String value = row.get(column);
    return value == null || value.isBlank() ? null : value.strip();
  }
}
