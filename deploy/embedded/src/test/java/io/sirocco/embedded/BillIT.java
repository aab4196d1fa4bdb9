package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.topic.PriceWriter;
import io.sirocco.streams.topic.UsageReader;
import io.sirocco.streams.topic.UsageTopics;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 64 requests of 8 users at once, for 2 models on 4 partitions each, answered by 2 worker processes:
 * every answer is right, and so is every bill, also after a restart.
 */
class BillIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int REQUESTS = 64;
  private static final int USERS = 8;
  private static final String PROBE = "probe";
  private static final List<String> MODELS = List.of("alpha", "beta");
  private static final List<String> PLACES =
      List.of("France", "Japan", "Peru", "Kenya", "Norway", "Canada", "Chad", "Fiji");

  /** For a million prompt and completion tokens; the last digits would be lost in a double. */
  private static final Map<String, List<String>> PRICES = Map.of(
      "alpha", List.of("0.1500000000000001", "0.6"), "beta", List.of("7", "20.000000000000003"));

  /** What a test expects on a bill. */
  private record Bill(long requests, long promptTokens, long completionTokens, BigDecimal cost) {
    static final Bill EMPTY = new Bill(0, 0, 0, BigDecimal.ZERO);

    Bill plus(Bill other) {
      return new Bill(
          requests + other.requests,
          promptTokens + other.promptTokens,
          completionTokens + other.completionTokens,
          cost.add(other.cost).stripTrailingZeros());
    }
  }

  @Test
  void everyUserPaysForExactlyWhatWasAnswered(@TempDir Path data) throws Exception {
    Map<String, Bill> expected;
    try (EmbeddedSirocco sirocco = start(data);
        WorkerProcess one = worker(sirocco);
        WorkerProcess other = worker(sirocco)) {
      setPrices(sirocco);
      expected = askAll(sirocco);
      awaitBills(sirocco, expected);
      for (WorkerProcess worker : List.of(one, other)) {
        worker.signal("TERM");
        assertThat(worker.exitCode())
            .as(() -> "of a worker that said " + worker.log())
            .isZero();
      }
    }

    try (EmbeddedSirocco again = start(data)) {
      awaitBills(again, expected);
    }
  }

  private static EmbeddedSirocco start(Path data) throws Exception {
    List<ServedName> none = MODELS.stream()
        .map(name -> new ServedName(name, () -> DemoModels.f32(1)))
        .toList();
    return EmbeddedSirocco.start(
        new EmbeddedSettings(0, data, none, 0, 4, true, 0, null, Duration.ZERO),
        new SimpleMeterRegistry(),
        fault -> {
          throw new AssertionError(fault);
        });
  }

  private static WorkerProcess worker(EmbeddedSirocco sirocco) throws Exception {
    WorkerProcess worker = WorkerProcess.start(
        "--bootstrap-server",
        sirocco.bootstrapServers(),
        "--model",
        "alpha=../models/demo",
        "--model",
        "beta=../models/demo",
        "--set",
        "worker.precision=f32",
        "--set",
        "worker.threads=1",
        "--set",
        "worker.partitions=4");
    worker.awaitLine("ready model=beta");
    return worker;
  }

  /** Returns when the usage application, which takes prices in beside the events, knows them. */
  private static void setPrices(EmbeddedSirocco sirocco) {
    PriceWriter writer = new PriceWriter(
        Map.of("bootstrap.servers", sirocco.bootstrapServers()),
        new UsageTopics(1, (short) -1),
        new Random(1));
    long longAgo = 1_700_000_000_000L;
    PRICES.forEach((model, price) -> writer.set(
        new Price(
            model,
            Decimal.of(price.get(0)),
            Decimal.of("0"),
            Decimal.of(price.get(1)),
            "USD",
            longAgo),
        PATIENCE));
    UsageReader reader = new UsageReader(Map.of("bootstrap.servers", sirocco.bootstrapServers()));
    try (SiroccoClient client =
        SiroccoClient.connect(ClientSettings.builder(sirocco.bootstrapServers()).build())) {
      Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
        for (int i = 0; i < REQUESTS; i += USERS) {
          client.submit(request(i), SubmitOptions.builder().user(PROBE).build()).await(PATIENCE);
        }
        assertThat(reader.read(PATIENCE))
            .filteredOn(window -> window.user().equals(PROBE))
            .filteredOn(window -> !window.totals().cost().isEmpty())
            .extracting(WindowTotals::model)
            .containsAll(MODELS);
      });
    }
  }

  /** Returns what the answers say about usage, by user. */
  private static Map<String, Bill> askAll(EmbeddedSirocco sirocco) throws Exception {
    Map<String, Bill> bills = new TreeMap<>();
    List<ReplyStream> answers = new ArrayList<>();
    try (SiroccoClient client = SiroccoClient.connect(
            ClientSettings.builder(sirocco.bootstrapServers()).build());
        AloneReference reference = new AloneReference(DemoModels.f32(1))) {
      for (int i = 0; i < REQUESTS; i++) {
        answers.add(client.submit(
            request(i), SubmitOptions.builder().user("user-" + i % USERS).build()));
      }
      for (int i = 0; i < REQUESTS; i++) {
        ChatCompletion answer = answers.get(i).await(PATIENCE);
        assertThat(answer.model()).isEqualTo(model(i));
        assertThat(answer.text())
            .as("request %d", i)
            .isEqualTo(reference.answer(request(i)).text());
        bills.merge("user-" + i % USERS, bill(model(i), answer), Bill::plus);
      }
    }
    return bills;
  }

  private static String model(int i) {
    return MODELS.get(i / USERS % MODELS.size());
  }

  private static ChatRequest request(int i) {
    String place = PLACES.get(i * 5 % PLACES.size());
    return ChatRequest.builder()
        .model(model(i))
        .message(ChatMessage.user("What is the capital of %s?".formatted(place)))
        .temperature(0.0)
        .maxCompletionTokens(3 + i % 30)
        .build();
  }

  private static Bill bill(String model, ChatCompletion answer) {
    Usage usage = Objects.requireNonNull(answer.usage());
    List<String> price = Objects.requireNonNull(PRICES.get(model));
    BigDecimal cost = new BigDecimal(price.get(0))
        .multiply(BigDecimal.valueOf(usage.promptTokens()))
        .add(new BigDecimal(price.get(1)).multiply(BigDecimal.valueOf(usage.completionTokens())))
        .movePointLeft(6)
        .stripTrailingZeros();
    return new Bill(1, usage.promptTokens(), usage.completionTokens(), cost);
  }

  private static void awaitBills(EmbeddedSirocco sirocco, Map<String, Bill> expected) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(bills(sirocco)).isEqualTo(expected));
  }

  private static Map<String, Bill> bills(EmbeddedSirocco sirocco) {
    Map<String, Bill> bills = new TreeMap<>();
    UsageReader reader = new UsageReader(Map.of("bootstrap.servers", sirocco.bootstrapServers()));
    for (WindowTotals window : reader.read(PATIENCE)) {
      if (window.window() == WindowSize.DAY && !window.user().equals(PROBE)) {
        bills.merge(window.user(), Bill.EMPTY.plus(bill(window.totals())), Bill::plus);
      }
    }
    return bills;
  }

  private static Bill bill(UsageTotals totals) {
    assertThat(totals.unpricedRequests()).isZero();
    BigDecimal cost = totals.cost().stream()
        .map(Money::amount)
        .map(Decimal::value)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
    return new Bill(totals.requests(), totals.promptTokens(), totals.completionTokens(), cost);
  }
}
