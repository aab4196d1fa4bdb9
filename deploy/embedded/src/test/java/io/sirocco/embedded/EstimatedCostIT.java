package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.client.ClientSettings;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
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
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What an answer says that it costs, beside what the bill says, in a whole system. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class EstimatedCostIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long LONG_AGO = 1_700_000_000_000L;

  private EmbeddedSirocco sirocco;
  private SiroccoClient client;
  private UsageReader bills;
  private int probes;

  @BeforeAll
  void start() throws Exception {
    sirocco = DemoSystem.start();
    client =
        SiroccoClient.connect(ClientSettings.builder(sirocco.bootstrapServers()).build());
    bills = new UsageReader(Map.of("bootstrap.servers", sirocco.bootstrapServers()));
  }

  @AfterAll
  void stop() {
    client.close();
    sirocco.close();
  }

  @Test
  void answerCostsWhatTheBillSaysAtThePriceOfItsEnd() throws Exception {
    assertThat(ask("early", true).estimatedCost()).isNull();
    // A bill comes shortly after its answer, and is priced by what is known then.
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(bill("early").unpricedRequests()).isOne());

    Price first = set("0.1500000000000001", "0.015", "0.6", LONG_AGO);
    awaitPrice(first);
    assertEstimatedAndBilled("first", first, true);

    long soon = System.currentTimeMillis() + 3_000;
    Price second = set("7", "0.7", "20.000000000000003", soon);
    Awaitility.await().atMost(PATIENCE).until(() -> System.currentTimeMillis() >= soon);
    awaitPrice(second);
    assertEstimatedAndBilled("second", second, false);
    assertThat(bill("early").unpricedRequests()).isOne();
  }

  private Price set(String prompt, String cached, String completion, long from) {
    Price price = new Price(
        "demo", Decimal.of(prompt), Decimal.of(cached), Decimal.of(completion), "USD", from);
    new PriceWriter(
            Map.of("bootstrap.servers", sirocco.bootstrapServers()),
            new UsageTopics(1, (short) -1),
            new Random(1))
        .set(price, PATIENCE);
    return price;
  }

  /** Worker and usage application take a price in when they see it; nobody waits for it. */
  private void awaitPrice(Price price) {
    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
      String user = "probe-" + probes++;
      Usage usage = ask(user, true);
      Money cost = cost(price, usage);
      assertThat(usage.estimatedCost()).isEqualTo(cost.amount().value());
      Awaitility.await().atMost(PATIENCE).untilAsserted(() -> bill(user));
      assertThat(bill(user).cost()).containsExactly(cost);
    });
  }

  private static Money cost(Price price, Usage usage) {
    return price.cost(usage.promptTokens(), usage.cachedTokens(), usage.completionTokens());
  }

  private void assertEstimatedAndBilled(String user, Price price, boolean stream) throws Exception {
    Usage usage = ask(user, stream);
    Money cost = cost(price, usage);
    assertThat(usage.estimatedCost()).isEqualTo(cost.amount().value());
    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
      assertThat(bill(user).cost()).containsExactly(cost);
      assertThat(bill(user).unpricedRequests()).isZero();
    });
  }

  private Usage ask(String user, boolean stream) throws Exception {
    ChatRequest request = ChatRequest.builder()
        .model("demo")
        .message(ChatMessage.user("What is the capital of France?"))
        .temperature(0.0)
        .stream(stream)
        .build();
    return Objects.requireNonNull(client
        .submit(request, SubmitOptions.builder().user(user).build())
        .await(PATIENCE)
        .usage());
  }

  private UsageTotals bill(String user) {
    return bills.read(PATIENCE).stream()
        .filter(window -> window.user().equals(user) && window.window() == WindowSize.DAY)
        .map(WindowTotals::totals)
        .findAny()
        .orElseThrow(() -> new AssertionError("expected a bill of " + user + ", found none"));
  }
}
