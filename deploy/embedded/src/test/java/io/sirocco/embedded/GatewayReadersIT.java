package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.embedded.HttpAsker.Event;
import io.sirocco.gateway.Gateway;
import io.sirocco.gateway.settings.GatewaySettings;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Readers that are slow, go away or change their mind, and a gateway that goes away from them. */
@OnEmbeddedKafka
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class GatewayReadersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  /** For a whole answer beside those that other tests have left, on a machine that is busy. */
  private static final Duration LONG_PATIENCE = Duration.ofMinutes(3);

  private static final Duration STEP = Duration.ofMillis(5);
  /** So slow that an answer does not end before something happens to it. */
  private static final Duration SLOW_STEP = Duration.ofMillis(100);

  private static final int TOKENS = 600;
  /** Of an answer that takes some seconds, a slow step each. */
  private static final int FEW_TOKENS = 25;

  private static final String CANCELS = "x-cancel-on-disconnect: true\r\n";
  private static final String KEYS =
      """
      {"keys": [{"sha256": "%s", "user": "ann", "max_streams": 1}, {"sha256": "%s", "user": "bob"}]}""".formatted(ApiKeys.sha256("ann-key"), ApiKeys.sha256("bob-key"));

  private final SimpleMeterRegistry measured = new SimpleMeterRegistry();
  private String server;
  private PacedModel model;
  private Worker worker;
  private Gateway gateway;
  private HttpAsker http;

  @BeforeAll
  void start(KafkaBroker broker) throws Exception {
    server = broker.bootstrapServers();
    ServedModel demo = DemoModels.f32(4);
    model = new PacedModel(demo.causalModel(), STEP);
    worker = Worker.start(
        WorkerSettings.of(server, "demo").withGrace(Duration.ZERO),
        new ServedModel(model, demo.tokenizer(), demo.prompts(), demo.endIds()),
        new SimpleMeterRegistry(),
        fault -> {
          throw new AssertionError(fault);
        });
    gateway = Gateway.start(GatewaySettings.local(server, 0), measured);
    http = new HttpAsker(gateway.address());
    await().atMost(PATIENCE).until(gateway::isReady);
  }

  @AfterAll
  void stop() {
    gateway.close();
    worker.close();
  }

  @BeforeEach
  void hurry() {
    model.setStep(STEP);
  }

  private static String question(String more) {
    return """
        {"model": "demo", "max_tokens": %d, "ignore_eos": true, "stream": true, "seed": 7,
         "messages": [{"role": "user", "content": "Tell me everything."}]%s}""".formatted(TOKENS, more);
  }

  /** Limits of which one is another. */
  private static GatewaySettings.Limits limits(int streams, Duration slowReader, Duration grace) {
    return limits(streams, slowReader, GatewaySettings.Limits.DEFAULT.heartbeat(), grace);
  }

  private static GatewaySettings.Limits limits(
      int streams, Duration slowReader, Duration heartbeat, Duration grace) {
    GatewaySettings.Limits limits = GatewaySettings.Limits.DEFAULT;
    return new GatewaySettings.Limits(
        limits.bodyBytes(),
        limits.headerBytes(),
        streams,
        limits.connections(),
        limits.requestTime(),
        slowReader,
        heartbeat,
        grace);
  }

  private Gateway another(GatewaySettings.Limits limits) {
    return another(limits, new SimpleMeterRegistry());
  }

  private Gateway another(GatewaySettings.Limits limits, SimpleMeterRegistry registry) {
    Gateway other = Gateway.start(GatewaySettings.local(server, 0).withLimits(limits), registry);
    await().atMost(PATIENCE).until(other::isReady);
    return other;
  }

  /** Sends a request and reads nothing. */
  private static Socket ask(Gateway asked, String body, String headers) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), asked.address().getPort()));
    String request = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n" + headers
        + "Content-Type: application/json\r\nContent-Length: " + body.getBytes(UTF_8).length
        + "\r\n\r\n" + body;
    socket.getOutputStream().write(request.getBytes(UTF_8));
    socket.getOutputStream().flush();
    return socket;
  }

  @Test
  void slowReaderIsLetGoAndTheLogKeepsItsAnswer() throws Exception {
    model.setStep(SLOW_STEP);
    String large = question(", \"logprobs\": true, \"top_logprobs\": 20");
    try (Gateway narrow = another(limits(1, Duration.ofMillis(500), Duration.ZERO));
        Socket slow = ask(narrow, large, "Idempotency-Key: slow\r\n")) {
      HttpAsker there = new HttpAsker(narrow.address());
      await().atMost(PATIENCE).until(() -> status(there, "chatcmpl-slow") == 503);
      model.setStep(STEP);
      await().atMost(PATIENCE).until(() -> status(there, "chatcmpl-slow") == 200);

      assertThat(readAll(slow)).doesNotContain("[DONE]");
      List<Event> kept =
          http.events("chat/completions/chatcmpl-slow?stream=true", "").toList();
      assertThat(kept.get(kept.size() - 1).data()).isEqualTo("[DONE]");
      assertThat(kept).hasSizeGreaterThan(TOKENS / 2);
    }
  }

  private static int status(HttpAsker asker, String id) throws Exception {
    return asker.get("chat/completions/" + id + "?wait=20").statusCode();
  }

  /** What had left the gateway before it ended the connection. */
  private static String readAll(Socket socket) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (IOException e) {
      // It was reset, which is an end as well.
    }
    return all.toString(UTF_8);
  }

  @Test
  void gatewayThatEndsTellsItsReadersToGoOnElsewhere() throws Exception {
    List<Event> seen = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    model.setStep(SLOW_STEP);
    Gateway ending = another(limits(8, Duration.ofSeconds(30), Duration.ZERO));
    try (Socket socket = ask(ending, question(""), "Idempotency-Key: moved\r\n");
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
      String line = "";
      while (!line.startsWith("id: 20")) {
        line = reader.readLine();
      }
      ending.close();
      while ((line = reader.readLine()) != null) {
        lines.add(line);
      }
    } finally {
      ending.close();
    }
    assertThat(lines)
        .contains("retry: 500")
        .anyMatch(line -> line.startsWith(
            ": read on with GET /v1/chat/completions/chatcmpl-moved and Last-Event-ID"))
        .anyMatch(
            line -> line.startsWith("data: {\"error\":{\"message\":\"this gateway ends;")
                && line.endsWith(
                    "\"type\":\"service_unavailable_error\",\"param\":null,\"code\":\"service_unavailable\"}}"));
    model.setStep(STEP);
    String last = lines.stream()
        .filter(line -> line.startsWith("id: "))
        .reduce("id: 20", (before, after) -> after)
        .substring("id: ".length());

    http.events("chat/completions/chatcmpl-moved", "", "Last-Event-ID", last).forEach(seen::add);
    assertThat(seen.get(0).id()).isEqualTo(String.valueOf(Integer.parseInt(last) + 1));
    assertThat(seen.get(seen.size() - 1).data()).isEqualTo("[DONE]");
  }

  @Test
  void streamEndsWholeWithinTheGraceAndIsToldMeanwhileThatItIsOpen() throws Exception {
    model.setStep(Duration.ofSeconds(1));
    String few = question("").replace(String.valueOf(TOKENS), "3");
    Gateway ending =
        another(limits(8, Duration.ofSeconds(30), Duration.ofMillis(100), Duration.ofSeconds(60)));
    try (Socket socket = ask(ending, few, "Connection: close\r\n")) {
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      ending.close();

      assertThat(readAll(socket))
          .contains("\n: the answer is still open\n\n")
          .contains("data: [DONE]")
          .doesNotContain("\"error\"", "retry:");
    } finally {
      ending.close();
    }
  }

  @Test
  void waitForAWholeAnswerIsToldToAskElsewhereWhenItsGatewayEnds() throws Exception {
    model.setStep(SLOW_STEP);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Gateway ending = another(limits(8, Duration.ofSeconds(30), Duration.ZERO), registry);
    try {
      HttpAsker there = new HttpAsker(ending.address());
      HttpResponse<String> begun =
          there.post("chat/completions", question(", \"background\": true"));
      String id = there.json(begun.body()).path("id").asString();
      CompletableFuture<HttpResponse<String>> waiting =
          CompletableFuture.supplyAsync(() -> get(there, "chat/completions/" + id + "?wait=60"));
      await()
          .atMost(PATIENCE)
          .until(() -> registry
                  .get("sirocco.gateway.open.answers")
                  .tag("stream", "false")
                  .gauge()
                  .value()
              == 1);
      ending.close();

      HttpResponse<String> told = waiting.join();
      assertThat(told.statusCode()).isEqualTo(503);
      assertThat(told.headers().firstValue("Retry-After")).hasValue("1");
      JsonNode error = there.json(told.body()).path("error");
      assertThat(error.path("code").asString()).isEqualTo("service_unavailable");
      assertThat(error.path("message").asString()).contains("another one");
      model.setStep(STEP);
      await().atMost(LONG_PATIENCE).until(() -> status(http, id) == 200);
    } finally {
      ending.close();
    }
  }

  private static HttpResponse<String> get(HttpAsker asker, String path) {
    try {
      return asker.get(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void answerThatNobodyReadsKeepsItsPlaceUntilItEnds() throws Exception {
    model.setStep(SLOW_STEP);
    try (Gateway narrow = another(limits(1, Duration.ofSeconds(30), Duration.ZERO))) {
      HttpAsker there = new HttpAsker(narrow.address());
      String inBackground = question(", \"background\": true");
      HttpResponse<String> begun = there.post("chat/completions", inBackground);
      HttpResponse<String> second = there.post("chat/completions", inBackground);
      HttpResponse<String> read = there.post("chat/completions", question(""));

      assertThat(begun.statusCode()).isEqualTo(202);
      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(there.json(second.body()).path("error").path("code").asString())
          .isEqualTo("server_is_overloaded");
      assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(read.statusCode()).isEqualTo(503);
      model.setStep(STEP);
      String id = there.json(begun.body()).path("id").asString();
      await().atMost(LONG_PATIENCE).until(() -> status(there, id) == 200);
      await()
          .atMost(LONG_PATIENCE)
          .until(() -> there.post("chat/completions", inBackground).statusCode() == 202);
    }
  }

  @Test
  void readerThatGoesAwayCancelsOnlyIfItAskedTo() throws Exception {
    model.setStep(SLOW_STEP);
    goAway("gives-up", CANCELS);
    goAway("leaves", "");
    ask(gateway, whole(TOKENS), CANCELS + "Idempotency-Key: hangs-up\r\n").close();

    String hangsUp = "chat/completions/chatcmpl-hangs-up";
    await().atMost(PATIENCE).until(() -> http.get(hangsUp + "?wait=0").statusCode() != 404);
    for (String path : List.of("chat/completions/chatcmpl-gives-up", hangsUp)) {
      Event cancelled = last(http.events(path + "?stream=true", ""));
      assertThat(http.json(cancelled.data()).path("error").path("code").asString())
          .as(path)
          .isEqualTo("cancelled");
    }
    assertThat(measured
            .get("sirocco.gateway.errors")
            .tag("error_type", "server_error")
            .counter()
            .count())
        .isZero();
    model.setStep(STEP);
    assertThat(last(http.events("chat/completions/chatcmpl-leaves?stream=true", ""))
            .data())
        .isEqualTo("[DONE]");
  }

  @Test
  void readerOfAWholeAnswerThatItWouldCancelIsToldNothingBeforeIt() throws Exception {
    model.setStep(SLOW_STEP);
    try (Socket socket = ask(gateway, whole(FEW_TOKENS), CANCELS + "Connection: close\r\n")) {
      assertThat(readAll(socket)).startsWith("HTTP/1.1 200 ");
    }
  }

  private static String whole(int tokens) {
    return question("")
        .replace("\"stream\": true", "\"stream\": false")
        .replace(String.valueOf(TOKENS), String.valueOf(tokens));
  }

  private void goAway(String key, String header) throws IOException {
    try (Socket socket = ask(gateway, question(""), header + "Idempotency-Key: " + key + "\r\n")) {
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }
  }

  private static Event last(Stream<Event> events) {
    return events.reduce((before, after) -> after).orElseThrow();
  }

  @Test
  void ownerCancelsAndNobodyElseFindsTheAnswer() throws Exception {
    try (Gateway keyed =
        Gateway.start(GatewaySettings.local(server, 0).withKeys(KEYS), new SimpleMeterRegistry())) {
      await().atMost(PATIENCE).until(keyed::isReady);
      HttpAsker there = new HttpAsker(keyed.address());
      String[] ann = {"Authorization", "Bearer ann-key", "Idempotency-Key", "long"};
      model.setStep(SLOW_STEP);
      Iterator<Event> events =
          there.events("chat/completions", question(""), ann).iterator();
      events.next();
      String cancel = "chat/completions/chatcmpl-long/cancel";
      HttpResponse<String> second =
          there.post("chat/completions", question(""), "Authorization", "Bearer ann-key");

      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
      assertError(there.json(second.body()), "requests", "rate_limit_exceeded");
      assertThat(there.post(cancel, "", "Authorization", "Bearer bob-key").statusCode())
          .isEqualTo(404);
      assertThat(there
              .get("chat/completions/chatcmpl-long", "Authorization", "Bearer bob-key")
              .statusCode())
          .isEqualTo(404);
      assertThat(there.post(cancel, "", "Authorization", "Bearer ann-key").statusCode())
          .isEqualTo(200);
      Event last = events.next();
      while (events.hasNext()) {
        last = events.next();
      }
      assertError(there.json(last.data()), "cancelled_error", "cancelled");
    }
  }

  /** In OpenAI's form, all of it. */
  private static void assertError(JsonNode body, String type, String code) {
    JsonNode error = body.path("error");
    assertThat(error.propertyNames()).containsExactlyInAnyOrder("message", "type", "param", "code");
    assertThat(error.path("message").asString()).isNotEmpty();
    assertThat(error.path("type").asString()).isEqualTo(type);
    assertThat(error.path("param").isNull()).isTrue();
    assertThat(error.path("code").asString()).isEqualTo(code);
  }
}
