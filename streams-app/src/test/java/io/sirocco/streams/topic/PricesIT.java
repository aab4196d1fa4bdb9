package io.sirocco.streams.topic;

import static io.sirocco.streams.TestUsage.price;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.PriceList;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@OnEmbeddedKafka
class PricesIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final UsageTopics TOPICS = new UsageTopics(1, (short) 1);
  private static final Instant YEAR = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void topicThatIsNotThereHasNoUsage(KafkaBroker broker) {
    assertThat(new UsageReader(properties(broker)).read(LIMIT)).isEmpty();
  }

  @Test
  void pricesOfAModelCoexistAndTheLastWordOnATimeCounts(KafkaBroker broker) {
    PriceWriter writer = writer(broker, 1);
    Price old = price("breeze", YEAR, "1", "1", "1");
    Price typo = price("breeze", YEAR.plusSeconds(1), "200", "2", "2");
    Price corrected = price("breeze", YEAR.plusSeconds(1), "2", "2", "2");

    writer.set(typo, LIMIT);
    writer.set(price("gale", YEAR, "3", "3", "3"), LIMIT);
    writer.set(old, LIMIT);
    PriceList answered = writer.set(corrected, LIMIT);

    assertThat(answered).isEqualTo(new PriceList(List.of(old, corrected)));
    assertThat(new PriceReader(properties(broker)).read(LIMIT))
        .contains(answered, PriceList.of(price("gale", YEAR, "3", "3", "3")));
  }

  @Test
  void writersAtTheSameTimeLoseNoPrice(KafkaBroker broker) {
    List<Price> prices = IntStream.range(0, 4)
        .mapToObj(i -> price("contended", YEAR.plusSeconds(i), "" + i, "0", "0"))
        .toList();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      CompletableFuture.allOf(prices.stream()
              .map(price -> CompletableFuture.runAsync(
                  () -> writer(broker, price.effectiveFromMillis()).set(price, LIMIT), threads))
              .toArray(CompletableFuture[]::new))
          .join();
    } finally {
      threads.shutdown();
    }

    assertThat(new PriceReader(properties(broker)).read(LIMIT)).contains(new PriceList(prices));
  }

  private static PriceWriter writer(KafkaBroker broker, long seed) {
    return new PriceWriter(properties(broker), TOPICS, new Random(seed));
  }

  private static Map<String, String> properties(KafkaBroker broker) {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }
}
