package io.sirocco.contracts.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.GoldenJson;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoldenUsageTest {
  private final JsonCodec codec = new JsonCodec();

  @Test
  void usageEventIsReadFieldByField() throws Exception {
    assertThat(read("usage-event", UsageEvent.class))
        .isEqualTo(new UsageEvent(
            "u-17",
            "breeze-7b",
            "r-1",
            "chat.requests.breeze-7b",
            3,
            42,
            1117,
            1024,
            46,
            "stop",
            1_754_000_000_000L,
            1_754_000_001_250L));
  }

  @Test
  void pricesAreReadToTheLastDigit() throws Exception {
    assertThat(read("price-list", PriceList.class).prices())
        .containsExactly(
            price("0.25", "0.025", "1.5", "USD", 1_735_689_600_000L),
            price("0.2", "0.0000001", "100", "EUR", 1_754_006_400_000L));
  }

  @Test
  void usageKeyIsReadFieldByField() throws Exception {
    assertThat(read("usage-key", UsageKey.class))
        .isEqualTo(new UsageKey("u-17", WindowSize.HOUR, 1_753_999_200_000L, "breeze-7b"));
  }

  @Test
  void windowTotalsAreReadFieldByField() throws Exception {
    assertThat(read("window-totals", WindowTotals.class))
        .isEqualTo(WindowTotals.of(
            read("usage-key", UsageKey.class),
            new UsageTotals(
                3,
                1,
                1130,
                1024,
                50,
                1,
                15,
                List.of(
                    new Money("EUR", Decimal.of("0.00000000000003")),
                    new Money("USD", Decimal.of("0.00011785"))),
                Map.of())));
  }

  @Test
  void failuresAreReadByReason() throws Exception {
    assertThat(read("window-totals-failures", WindowTotals.class).totals().failuresByReason())
        .isEqualTo(Map.of("context_length_exceeded", 1L, "worker_stopped", 2L));
  }

  @Test
  void receiptIsReadFieldByField() throws Exception {
    assertThat(read("receipt", Receipt.class))
        .isEqualTo(new Receipt(
            "u-17",
            "r-1",
            "chat.replies.shop-1.7",
            0,
            48,
            1117,
            1024,
            46,
            46,
            "stop",
            1_754_000_001_249L));
  }

  @Test
  void correctionIsReadFieldByField() throws Exception {
    assertThat(read("correction", Correction.class))
        .isEqualTo(new Correction(
            "u-17",
            "breeze-7b",
            1_753_999_200_000L,
            1,
            new Charges(List.of(new Money("USD", Decimal.of("0.00011785"))), 1, 15),
            new Charges(
                List.of(
                    new Money("EUR", Decimal.of("0.0000001")),
                    new Money("USD", Decimal.of("0.00012"))),
                0,
                0),
            1_754_100_000_000L));
    assertThat(read("window-totals-corrected", WindowTotals.class).totals().corrections())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "usage-event, UsageEvent",
    "price-list, PriceList",
    "usage-key, UsageKey",
    "window-totals, WindowTotals",
    "window-totals-failures, WindowTotals",
    "window-totals-corrected, WindowTotals",
    "correction, Correction",
    "receipt, Receipt"
  })
  void everyRecordIsWrittenAsItWasRead(String name, String type) throws Exception {
    Class<?> record = Class.forName("io.sirocco.contracts.usage." + type);

    assertThat(codec.write(read(name, record))).isEqualTo(GoldenJson.v1(name));
  }

  @Test
  void fieldsOfALaterVersionAreNoFault() throws Exception {
    String later = GoldenJson.v1("usage-event").replace("{\"user\"", "{\"attempts\":2,\"user\"");

    assertThat(codec.read(later, UsageEvent.class))
        .isEqualTo(read("usage-event", UsageEvent.class));
  }

  private static Price price(
      String prompt, String cached, String completion, String currency, long from) {
    return new Price(
        "breeze-7b",
        Decimal.of(prompt),
        Decimal.of(cached),
        Decimal.of(completion),
        currency,
        from);
  }

  private <T> T read(String name, Class<T> type) throws MalformedJsonException {
    return codec.read(GoldenJson.v1(name), type);
  }
}
