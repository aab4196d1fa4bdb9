package io.sirocco.streams.pricefile;

import static io.sirocco.streams.TestUsage.price;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.PriceList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceFileTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir
  private Path folder;

  @Test
  void priceMapIsReadToTheLastDigit() throws IOException {
    List<Price> prices = read("map.json", """
        {"sample_spec": {"mode": "chat", "input_cost_per_token": 0.0, "max_tokens": "a number"},
         "mistral-7b": {"mode": "chat", "litellm_provider": "x", "input_cost_per_token": 7.5e-08,
           "output_cost_per_token": 0.000000123456789012345678,
           "cache_read_input_token_cost": 1E-9},
         "free": {"mode": "chat", "input_cost_per_token": 0, "output_cost_per_token": 0.0}}
        """);

    assertThat(prices)
        .containsExactlyInAnyOrder(
            price("mistral-7b", NOW, "0.075", "0.001", "0.123456789012345678"),
            price("free", NOW, "0", "0", "0"));
  }

  @Test
  void modelsThatAreNotPricedByTheTokenAreLeftOut() throws IOException {
    assertThat(read("map.json", """
            {"images": {"mode": "image_generation", "input_cost_per_token": 1,
               "output_cost_per_token": 1},
             "by-the-second": {"mode": "chat", "input_cost_per_second": 1}}
            """)).isEmpty();
  }

  @Test
  void negativePriceNamesItsModel() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(
            "map.json", "{\"m\": {\"input_cost_per_token\": -1e-6, \"output_cost_per_token\": 1}}"))
        .withMessage("m: expected 0 or more as prompt_per_million, found -1");
  }

  @Test
  void tableMayLeaveOutWhatIsUsual() throws IOException {
    List<Price> prices = read("prices.csv", """
        model,prompt_per_million,completion_per_million,currency,effective_from,cached_prompt_per_million
        breeze,0.25,1.50,,,
        "gale, the big one",1,2,EUR,2026-12-01T00:00:00Z,0.1
        """);

    assertThat(prices)
        .containsExactly(
            price("breeze", NOW, "0.25", "0.25", "1.5"),
            price(
                "gale, the big one",
                Instant.parse("2026-12-01T00:00:00Z"),
                "1",
                "0.1",
                "2",
                "EUR"));
  }

  @Test
  void mistakeInATableNamesItsLine() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            read("p.csv", "model,prompt_per_million,completion_per_million\na,1,1\nb,1,cheap\n"))
        .withMessage(
            "line 3: expected a plain decimal number such as \"0.075\", found another text");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read("p.csv", "model,prompt_per_million\na,1\n"))
        .withMessage("line 2: expected a value in the column completion_per_million");
  }

  @Test
  void importingAgainChangesNothing() {
    Price before = price("breeze", NOW.minusSeconds(99), "1", "1", "1");
    List<PriceList> known = List.of(PriceList.of(before));
    Price dearer = price("breeze", NOW, "2", "1", "1");
    Price other = price("gale", NOW, "1", "1", "1");

    assertThat(PriceFile.changes(List.of(price("breeze", NOW, "1", "1", "1")), known))
        .isEmpty();
    assertThat(PriceFile.changes(List.of(dearer, other), known)).containsExactly(dearer, other);
  }

  private List<Price> read(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, content.getBytes(UTF_8));
    return PriceFile.read(file, "USD", NOW.toEpochMilli());
  }
}
