package io.sirocco.streams;

import static io.sirocco.streams.TestUsage.event;
import static io.sirocco.streams.TestUsage.price;
import static io.sirocco.streams.TestUsage.receipt;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.Correction;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.Receipt;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.query.TimeQuestion;
import io.sirocco.streams.reprice.HourRange;
import io.sirocco.streams.reprice.RepricePlan;
import io.sirocco.streams.reprice.Repricing;
import io.sirocco.streams.topic.PriceWriter;
import io.sirocco.streams.topic.UsageReader;
import io.sirocco.streams.topic.UsageTopics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bills that are corrected, and bills that are held against receipts, on a real broker. */
@OnEmbeddedKafka
class RepriceIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final UsageTopics TOPICS = new UsageTopics(4, (short) 1);
  private static final int EVENTS = 300;

  @Test
  void repricingThatIsCutOffAndBegunAgainGivesTheTotalsOfTheNewPrices(
      KafkaBroker broker, @TempDir Path folder) {
    Instant begin = Instant.now().minus(RandomUsage.SPAN).truncatedTo(ChronoUnit.HOURS);
    RandomUsage usage = RandomUsage.of(begin, EVENTS, new Random(3));
    try (StreamsApp app = start(broker, folder, "reprice", new SimpleMeterRegistry())) {
      app.awaitRunning(LIMIT);
      usage.prices().values().forEach(list -> set(broker, list));
      try (UsageSender sender = new UsageSender(broker)) {
        sender.send(usage.shuffledWithCopies(new Random(4)));
      }
      awaitRequests(broker, EVENTS);
      // Whatever it was priced at: from now on it costs something else.
      Price corrected = price("m0", begin.plus(10, ChronoUnit.HOURS), "1.25", "0.5", "7", "EUR");
      set(broker, List.of(corrected));
      List<Price> now = new ArrayList<>(usage.prices().getOrDefault("m0", List.of()));
      now.add(corrected);
      Map<String, List<Price>> prices = new HashMap<>(usage.prices());
      prices.put("m0", now);
      Price last = price("m5", begin.minusSeconds(5), "3", "3", "3");
      set(broker, List.of(last));
      prices.put("m5", List.of(last));
      Map<UsageKey, Map<String, BigDecimal>> expected = ReferenceTotals.of(usage.events(), prices);

      Repricing repricing =
          new Repricing(properties(broker), Duration.ofDays(7), InstantSource.system());
      HourRange all = new HourRange(
          begin.toEpochMilli(), begin.plus(RandomUsage.SPAN).toEpochMilli() + 1, null);
      RepricePlan plan = repricing.plan(all, LIMIT);
      assertThat(plan.corrections()).hasSizeGreaterThan(10);
      assertThat(plan.leftAlone()).isZero();
      List<Correction> half = plan.corrections().subList(0, plan.corrections().size() / 2);
      repricing.write(half, LIMIT); // and killed
      repricing.write(repricing.plan(all, LIMIT).corrections(), LIMIT);
      repricing.write(plan.corrections(), LIMIT); // another one that saw the same

      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(ReferenceTotals.of(rows(broker))).isEqualTo(expected));
      RepricePlan again = repricing.plan(all, LIMIT);
      assertThat(again.corrections()).isEmpty();
      assertThat(again.leftAlone()).isZero();
      assertThat(again.unchanged()).isGreaterThan(plan.corrections().size());
    }
  }

  @Test
  void tokensThatWereBilledAndNotSeenAreADifference(KafkaBroker broker, @TempDir Path folder) {
    Instant now = Instant.now();
    UsageEvent good = TestUsage.named("good", event(9000, "held", "gale", now, 10, 4, 5));
    UsageEvent bad = TestUsage.named("bad", event(9001, "held", "gale", now, 10, 4, 5));
    UsageEvent alone = TestUsage.named("alone", event(9002, "held", "gale", now, 10, 4, 5));
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (StreamsApp app = start(broker, folder, "held", registry)) {
      app.awaitRunning(LIMIT);
      send(broker, receipt(good));
      send(broker, receipt(bad, 4));
      try (UsageSender sender = new UsageSender(broker)) {
        sender.send(List.of(good, bad, alone));
      }
      TimeQuestion today = new TimeQuestion(
          now.minus(Duration.ofDays(1)).toEpochMilli(), now.plusSeconds(3600).toEpochMilli());

      await().atMost(LIMIT).untilAsserted(() -> {
        var found = app.usage().reconciliation(today);
        assertThat(found.total().matched()).isEqualTo(1);
        assertThat(found.total().differing()).isEqualTo(1);
        assertThat(found.differing())
            .singleElement()
            .extracting(row -> row.request().requestId())
            .isEqualTo("bad");
      });
      assertThat(registry
              .get(ReconciliationGauges.NAME)
              .tag("state", "differing")
              .gauge()
              .value())
          .isEqualTo(1);
    }
  }

  private static StreamsApp start(
      KafkaBroker broker, Path folder, String id, SimpleMeterRegistry registry) {
    return StreamsApp.start(
        StreamsSettings.builder(broker.bootstrapServers())
            .applicationId(id)
            .topics(TOPICS)
            .stateFolder(folder)
            .build(),
        registry);
  }

  private static void send(KafkaBroker broker, Receipt receipt) {
    try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new StringSerializer(),
        new ByteArraySerializer())) {
      ProducerRecord<String, byte[]> kafkaRecord = new ProducerRecord<>(
          Topics.RECEIPTS, receipt.user(), new JsonCodec().writeBytes(receipt));
      receipt
          .headers()
          .forEach((name, value) -> kafkaRecord.headers().add(name, value.getBytes(UTF_8)));
      var unused = producer.send(kafkaRecord);
    }
  }

  private static void set(KafkaBroker broker, List<Price> prices) {
    var unused = new PriceWriter(properties(broker), TOPICS, new Random(1)).setAll(prices, LIMIT);
  }

  private static void awaitRequests(KafkaBroker broker, int requests) {
    await()
        .atMost(LIMIT)
        .until(() ->
            rows(broker).stream().mapToLong(row -> row.totals().requests()).sum()
                == 2L * requests); // In hours and in days.
  }

  private static List<WindowTotals> rows(KafkaBroker broker) {
    return new UsageReader(properties(broker))
        .read(LIMIT).stream().filter(row -> row.user().matches("u[0-9]")).toList();
  }

  private static Map<String, String> properties(KafkaBroker broker) {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }
}
