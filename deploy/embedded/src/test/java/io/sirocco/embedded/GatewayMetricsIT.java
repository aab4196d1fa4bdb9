package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sirocco.embedded.HttpAsker.Event;
import io.sirocco.embedded.observe.Observation;
import io.sirocco.embedded.observe.ObservationSettings;
import io.sirocco.embedded.observe.Scrape;
import io.sirocco.embedded.observe.TracingSettings;
import io.sirocco.gateway.Gateway;
import io.sirocco.gateway.settings.GatewaySettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What a gateway says of itself on its port of metrics after requests of each kind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class GatewayMetricsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String USER = "ann-of-accounting";
  private static final String[] KEY = {"Authorization", "Bearer ann-key"};
  private static final String KEYS = """
      {"keys": [{"sha256": "%s", "user": "%s"}]}""".formatted(ApiKeys.sha256("ann-key"), USER);
  private static final String COUNT = "http_server_request_duration_seconds_count";

  private final Observation observation =
      Observation.open("gateway", "test", ObservationSettings.local(0), TracingSettings.OFF);
  private EmbeddedSirocco sirocco;
  private Gateway gateway;
  private HttpAsker http;
  private String id;

  @BeforeAll
  void askInEachWay() throws Exception {
    sirocco = DemoSystem.start();
    gateway = Gateway.start(
        GatewaySettings.local(sirocco.bootstrapServers(), 0).withKeys(KEYS).withLimits(narrow()),
        observation.registry());
    http = new HttpAsker(gateway.address());
    await().atMost(PATIENCE).until(gateway::isReady);

    assertThat(http.post("chat/completions", ask(""), KEY).statusCode()).isEqualTo(200);
    List<Event> events =
        http.events("chat/completions", ask(", \"stream\": true"), KEY).toList();
    id = http.json(events.get(0).data()).path("id").asString();
    String[] seen = {KEY[0], KEY[1], "Last-Event-ID", "4"};
    assertThat(http.events("chat/completions/" + id, "", seen)).isNotEmpty();
    assertThat(http.post("chat/completions", ask(", \"background\": true"), KEY).statusCode())
        .isEqualTo(202);
    assertThat(http.post("chat/completions", ask(", \"top_p\": 7"), KEY).statusCode())
        .isEqualTo(400);
    assertThat(http.post("chat/completions", ask("")).statusCode()).isEqualTo(401);
    String large = ask(", \"user\": \"" + "x".repeat(20_000) + "\"");
    assertThat(http.post("chat/completions", large, KEY).statusCode()).isEqualTo(413);
    assertThat(http.get("nothing-of-" + USER, KEY).statusCode()).isEqualTo(404);
    await().atMost(PATIENCE).until(() -> scrape().sum(COUNT) == 8);
  }

  /** The default, with small bodies. */
  private static GatewaySettings.Limits narrow() {
    GatewaySettings.Limits limits = GatewaySettings.Limits.DEFAULT;
    return new GatewaySettings.Limits(
        10_000,
        limits.headerBytes(),
        limits.streams(),
        limits.connections(),
        limits.requestTime(),
        limits.slowReader(),
        limits.heartbeat(),
        limits.grace());
  }

  private static String ask(String more) {
    return """
        {"model": "demo", "messages": [{"role": "user", "content": "What is a mistral?"}],
         "temperature": 0, "max_tokens": 12%s}""".formatted(more);
  }

  @AfterAll
  void stop() {
    gateway.close();
    sirocco.close();
    observation.close();
  }

  @Test
  void requestsCountByRouteAndStatus() throws Exception {
    Scrape scrape = scrape();

    assertThat(scrape.sum(COUNT, "http_route=\"/v1/chat/completions\"")).isEqualTo(6);
    assertThat(scrape.sum(COUNT, "http_route=\"/v1/chat/completions/{id}\"")).isOne();
    assertThat(scrape.sum(COUNT, "http_route=\"\"")).isOne();
    assertThat(scrape.sum(COUNT, "http_response_status_code=\"200\"")).isEqualTo(3);
    assertThat(scrape.sum(COUNT, "http_response_status_code=\"202\"")).isOne();
    assertThat(scrape.sum(COUNT, "http_response_status_code=\"413\"")).isOne();
  }

  @Test
  void answersCountByWhatBecameOfThem() throws Exception {
    Scrape scrape = scrape();
    String answers = "sirocco_gateway_answers_total";

    assertThat(scrape.sum(answers, "outcome=\"complete\",stream=\"true\"")).isEqualTo(2);
    assertThat(scrape.sum(answers, "outcome=\"complete\",stream=\"false\"")).isOne();
    assertThat(scrape.sum(answers, "outcome=\"pending\",stream=\"false\"")).isOne();
    assertThat(scrape.sum(answers, "outcome=\"error\",stream=\"false\"")).isOne();
    assertThat(scrape.sum("sirocco_gateway_streams_resumed_total")).isOne();
  }

  @Test
  void errorsCountByTheirCode() throws Exception {
    Scrape scrape = scrape();

    for (String code :
        List.of("invalid_api_key", "invalid_value", "request_too_large", "not_found")) {
      assertThat(scrape.sum("sirocco_gateway_errors_total", "error_type=\"" + code + "\""))
          .as(code)
          .isOne();
    }
    assertThat(scrape.sum("sirocco_gateway_errors_total")).isEqualTo(4);
  }

  @Test
  void firstTokenIsTimedOfTheStreamThatWasNotResumed() throws Exception {
    assertThat(scrape().sum("sirocco_gateway_time_to_first_token_seconds_count"))
        .isOne();
    assertThat(scrape().sum("sirocco_gateway_time_to_first_token_seconds_sum")).isPositive();
  }

  @Test
  void nothingIsOpenWhenAllIsAnswered() {
    await().atMost(PATIENCE).untilAsserted(() -> {
      assertThat(scrape().sum("sirocco_gateway_open_answers")).isZero();
      assertThat(scrape().sum("sirocco_gateway_background_answers")).isZero();
    });
  }

  @Test
  void librariesAreExportedAsByTheOtherRoles() throws Exception {
    Scrape scrape = scrape();

    assertThat(scrape.types().keySet())
        .contains("jvm_memory_used_bytes", "process_cpu_usage", "sirocco_ready");
    assertThat(scrape.sum("kafka_producer_record_send_total")).isGreaterThanOrEqualTo(4);
    assertThat(scrape.sum("kafka_consumer_fetch_manager_records_consumed_total"))
        .isPositive();
  }

  @Test
  void noLabelNamesAUserOrAKeyOrAnAnswerOrItsTopic() throws Exception {
    assertThat(scrape().text())
        .doesNotContain(USER, "ann-key", ApiKeys.sha256("ann-key"), id, "chat.replies");
  }

  private Scrape scrape() throws IOException, InterruptedException {
    return Scrape.of(HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(observation.address()).build(), BodyHandlers.ofString())
        .body());
  }
}
