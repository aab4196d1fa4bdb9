package io.sirocco.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ReplyTopicMode;
import io.sirocco.embedded.HttpAsker.Event;
import io.sirocco.gateway.Gateway;
import io.sirocco.gateway.settings.GatewaySettings;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The gateway in front of a whole system, as its callers see it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class GatewayIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The keys are "ann-key" and "bob-key". */
  private static final String KEYS =
      """
      {"keys": [
        {"sha256": "ANN", "user": "ann"},
        {"sha256": "BOB", "user": "bob", "models": ["other"], "max_streams": 1}]}""".replace("ANN", ApiKeys.sha256("ann-key")).replace("BOB", ApiKeys.sha256("bob-key"));

  private EmbeddedSirocco sirocco;
  private Gateway keyed;
  private HttpAsker http;
  private HttpAsker withKeys;

  @BeforeAll
  void start() throws Exception {
    sirocco = DemoSystem.start();
    keyed = Gateway.start(
        GatewaySettings.local(sirocco.bootstrapServers(), 0).withKeys(KEYS),
        new SimpleMeterRegistry());
    http = new HttpAsker(requireNonNull(sirocco.gateway()));
    withKeys = new HttpAsker(keyed.address());
    await().atMost(PATIENCE).until(() -> http.get("/ready").statusCode() == 200);
    await().atMost(PATIENCE).until(keyed::isReady);
  }

  @AfterAll
  void stop() {
    keyed.close();
    sirocco.close();
  }

  private static String ask(String more) {
    return """
        {"model": "demo", "messages": [{"role": "user", "content": "What is a mistral?"}],
         "temperature": 0, "max_tokens": 12%s}""".formatted(more);
  }

  @Test
  void wholeAnswerIsACompletion() throws Exception {
    HttpResponse<String> response = http.post("chat/completions", ask(""));

    JsonNode whole = http.json(response.body());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(whole.path("object").asString()).isEqualTo("chat.completion");
    assertThat(whole.path("id").asString()).startsWith("chatcmpl-");
    assertThat(whole.path("choices").get(0).path("message").path("content").asString())
        .isNotEmpty();
    assertThat(whole.path("usage").path("completion_tokens").asInt()).isPositive();
  }

  @Test
  void streamIsTheWholeAnswerInPiecesWithSequencesForIds() throws Exception {
    JsonNode whole = http.json(http.post("chat/completions", ask("")).body());
    List<Event> events =
        http.events("chat/completions", ask(", \"stream\": true")).toList();

    assertThat(http.text(events))
        .isEqualTo(whole.path("choices").get(0).path("message").path("content").asString());
    assertThat(events.get(0).id()).isEmpty();
    assertThat(http.json(events.get(0).data())
            .path("choices")
            .get(0)
            .path("delta")
            .path("role")
            .asString())
        .isEqualTo("assistant");
    List<String> ids = events.stream().skip(1).map(Event::id).toList();
    List<String> sequences = new ArrayList<>();
    for (int sequence = 0; sequence < ids.size(); sequence++) {
      sequences.add(String.valueOf(sequence));
    }
    assertThat(ids).isEqualTo(sequences);
    assertThat(events.get(events.size() - 1).data()).isEqualTo("[DONE]");
    assertThat(events).noneMatch(event -> event.data().contains("\"usage\""));
  }

  @Test
  void usageIsToldInAStreamThatAsksForIt() throws Exception {
    List<Event> events = http.events(
            "chat/completions",
            ask(", \"stream\": true, \"stream_options\": {\"include_usage\": true}"))
        .toList();

    JsonNode last = http.json(events.get(events.size() - 2).data());
    assertThat(last.path("choices").size()).isZero();
    assertThat(last.path("usage").path("total_tokens").asInt()).isPositive();
    // Or who has seen it alone went on behind the end.
    assertThat(events.get(events.size() - 2).id()).isEmpty();
    String id = http.json(events.get(0).data()).path("id").asString();
    String lastDelta = events.get(events.size() - 3).id();
    assertThat(http.events(
                "chat/completions/" + id + "?include_usage=true", "", "Last-Event-ID", lastDelta)
            .toList())
        .isEqualTo(events.subList(events.size() - 2, events.size()));
    for (Event event : events.subList(0, events.size() - 2)) {
      JsonNode chunk = http.json(event.data());
      assertThat(chunk.has("usage") && chunk.path("usage").isNull())
          .as(event.data())
          .isTrue();
    }
  }

  @Test
  void answerIsReadOnAtAnotherGatewayFromAnySequence() throws Exception {
    List<Event> events =
        http.events("chat/completions", ask(", \"stream\": true")).toList();
    String id = http.json(events.get(0).data()).path("id").asString();
    try (Gateway other = Gateway.start(
        GatewaySettings.local(sirocco.bootstrapServers(), 0), new SimpleMeterRegistry())) {
      await().atMost(PATIENCE).until(other::isReady);
      HttpAsker there = new HttpAsker(other.address());

      assertThat(
              there.events("chat/completions/" + id, "", "Last-Event-ID", "4").toList())
          .isEqualTo(events.subList(6, events.size()));
      assertThat(
              there.events("chat/completions/" + id + "?starting_after=4", "").toList())
          .isEqualTo(events.subList(6, events.size()));
      assertThat(there.events("chat/completions/" + id + "?stream=true", "").toList())
          .isEqualTo(events);
      HttpResponse<String> whole = there.get("chat/completions/" + id + "?wait=30");
      assertThat(whole.statusCode()).isEqualTo(200);
      assertThat(there
              .json(whole.body())
              .path("choices")
              .get(0)
              .path("message")
              .path("content")
              .asString())
          .isEqualTo(http.text(events));
      assertThat(there.get("chat/completions/" + id, "x-user", "mallory").statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void backgroundReturnsTheIdAndTheAnswerIsReadLater() throws Exception {
    HttpResponse<String> begun = http.post("chat/completions", ask(", \"background\": true"));

    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    JsonNode pending = http.json(begun.body());
    assertThat(pending.path("status").asString()).isEqualTo("queued");
    HttpResponse<String> read =
        http.get("chat/completions/" + pending.path("id").asString() + "?wait=60");
    assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
    assertThat(http.json(read.body()).path("id")).isEqualTo(pending.path("id"));
  }

  @Test
  void repeatUnderTheSameKeyIsTheFirstAnswerAndAnotherBodyAConflict() throws Exception {
    String body = ask(", \"temperature\": 1").replace("\"temperature\": 0,", "");
    HttpResponse<String> first = http.post("chat/completions", body, "Idempotency-Key", "order-17");
    HttpResponse<String> again = http.post("chat/completions", body, "Idempotency-Key", "order-17");
    HttpResponse<String> other =
        http.post("chat/completions", ask(""), "Idempotency-Key", "order-17");
    HttpResponse<String> bad =
        http.post("chat/completions", ask(""), "Idempotency-Key", "no blanks");

    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(http.json(again.body())).isEqualTo(http.json(first.body()));
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(http.json(other.body()).path("error").path("code").asString())
        .isEqualTo("request_id_conflict");
    assertThat(bad.statusCode()).isEqualTo(400);
  }

  @Test
  void usersOfOneKeyHaveTheirOwnAnswersOnASharedTopic() throws Exception {
    GatewaySettings settings =
        GatewaySettings.local(sirocco.bootstrapServers(), 0).withReplyTopics(ReplyTopicMode.SHARED);
    try (Gateway shared = Gateway.start(settings, new SimpleMeterRegistry())) {
      HttpAsker asker = new HttpAsker(shared.address());
      await().atMost(PATIENCE).until(shared::isReady);
      String[] ann = {"Idempotency-Key", "order-18", "x-user", "ann"};
      String[] bob = {"Idempotency-Key", "order-18", "x-user", "bob"};

      Iterator<Event> first = asker
          .events(
              "chat/completions",
              ask(", \"stream\": true, \"ignore_eos\": true").replace("12", "300"),
              ann)
          .iterator();
      String id = asker.json(first.next().data()).path("id").asString();
      HttpResponse<String> other = asker.post("chat/completions", ask("").replace("12", "3"), bob);
      first.forEachRemaining(event -> assertThat(event.data()).doesNotContain("\"error\""));

      assertThat(other.statusCode()).as(other.body()).isEqualTo(200);
      assertThat(
              asker.json(other.body()).path("usage").path("completion_tokens").asInt())
          .isEqualTo(3);
      assertThat(asker.json(other.body()).path("id").asString()).isNotEqualTo(id);
      for (String path : List.of(id, "order-18", "chatcmpl-order-18")) {
        HttpResponse<String> read = asker.get("chat/completions/" + path, "x-user", "ann");
        JsonNode whole = asker.json(read.body());
        assertThat(whole.path("id").asString()).as(path).isEqualTo(id);
        assertThat(whole.path("usage").path("completion_tokens").asInt()).isEqualTo(300);
      }
      assertThat(asker.get("chat/completions/" + id, "x-user", "bob").statusCode())
          .isEqualTo(404);
      assertThat(asker.get("chat/completions/order-18", "x-user", "carl").statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void keysSayWhoAsksAndWhatTheyMay() throws Exception {
    HttpResponse<String> nobody = withKeys.post("chat/completions", ask(""));
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(nobody.headers().firstValue("Connection"))
        .contains("close"); // Its body is not read.
    assertThat(withKeys
            .post("chat/completions", ask(""), "Authorization", "Bearer other")
            .statusCode())
        .isEqualTo(401);
    HttpResponse<String> ann =
        withKeys.post("chat/completions", ask(""), "Authorization", "Bearer ann-key");
    assertThat(ann.statusCode()).as(ann.body()).isEqualTo(200);
    assertThat(withKeys.post("/chat/completions", ask(""), "api-key", "ann-key").statusCode())
        .isEqualTo(200);
    String id = withKeys.json(ann.body()).path("id").asString();
    assertThat(withKeys
            .get("chat/completions/" + id, "Authorization", "Bearer ann-key")
            .statusCode())
        .isEqualTo(200);
    for (String path : List.of("chat/completions/" + id, "models/demo")) {
      assertThat(withKeys.get(path, "Authorization", "Api-Key bob-key").statusCode())
          .as(path)
          .isEqualTo(404);
    }
    HttpResponse<String> bob =
        withKeys.post("chat/completions", ask(""), "Authorization", "Bearer bob-key");
    assertThat(bob.statusCode()).isEqualTo(404);
    assertThat(withKeys.json(bob.body()).path("error").path("code").asString())
        .isEqualTo("model_not_found");
  }

  @Test
  void modelsAreListedUnderBothPrefixes() throws Exception {
    for (String path : List.of("/v1/models", "/v1/openai/models")) {
      JsonNode models = http.json(http.get(path).body());
      assertThat(models.path("data").get(0).path("id").asString()).isEqualTo("demo");
    }
    assertThat(http.post("/v1/openai/chat/completions", ask("")).statusCode()).isEqualTo(200);
    assertThat(http.json(http.get("/info").body()).path("model_name").asString())
        .isEqualTo("demo");
  }

  @Test
  void errorsHaveOpenAisForm() throws Exception {
    HttpResponse<String> unknown =
        http.post("chat/completions", ask("").replace("\"demo\"", "\"nobody\""));
    HttpResponse<String> hot =
        http.post("chat/completions", ask(", \"top_p\": 7, \"stream\": true"));
    HttpResponse<String> broken = http.post("chat/completions", "{");
    HttpResponse<String> elsewhere = http.get("/v1/nothing");

    assertError(unknown, 404, "model_not_found");
    assertError(hot, 400, "invalid_value");
    assertThat(http.json(hot.body()).path("error").path("param").asString()).isEqualTo("top_p");
    assertError(broken, 400, "invalid_json");
    assertError(elsewhere, 404, "not_found");
    assertError(http.get("chat/completions"), 405, "method_not_allowed");
    assertError(http.get("chat/completions/chatcmpl-none"), 404, "not_found");
  }

  @Test
  void slashThatIsEncodedIsPartOfAModelsNameAndOfNothingElse() throws Exception {
    assertError(http.get("models/winds/Breeze-7B"), 404, "model_not_found");
    assertError(http.get("models/winds%2FBreeze-7B"), 404, "model_not_found");
    assertError(http.get("chat/completions/winds%2FBreeze-7B"), 404, "not_found");
    assertError(http.get("/v1%2Fmodels"), 404, "not_found");
  }

  private void assertError(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode error = http.json(response.body()).path("error");
    assertThat(error.path("code").asString()).isEqualTo(code);
    assertThat(error.path("message").isString()).isTrue();
    assertThat(error.path("type").isString()).isTrue();
    assertThat(error.has("param")).isTrue();
  }

  @Test
  void azuresRouteTakesNumbersAsTextAndTellsUsageOnTheFinishChunk() throws Exception {
    String body = ask(", \"stream\": true").replace("\"max_tokens\": 12", "\"max_tokens\": \"12\"");
    List<Event> events =
        http.events("/chat/completions?api-version=2024-05-01-preview", body).toList();

    JsonNode last = http.json(events.get(events.size() - 2).data());
    assertThat(last.path("choices").get(0).path("finish_reason").isNull()).isFalse();
    assertThat(last.path("usage").path("total_tokens").asInt()).isPositive();
    String extra = ask(", \"top_k\": 5");
    assertError(http.post("/chat/completions", extra), 400, "unsupported_parameter");
    assertThat(http.post("/chat/completions", extra, "extra-parameters", "drop").statusCode())
        .isEqualTo(200);
    assertThat(http.post("/chat/completions", extra, "extra-params", "pass-through")
            .statusCode())
        .isEqualTo(200);
  }

  @Test
  void everyPathOfTheOpenApiFileIsThere() throws Exception {
    JsonNode paths = http.json(http.get("/openapi.json").body()).path("paths");
    assertThat(paths.size()).isGreaterThan(10);
    for (String path : paths.propertyNames()) {
      String asked = path.replace("{id}", "chatcmpl-x").replace("{name}", "demo");
      String method = paths.path(path).has("get") ? "get" : "post";
      int status = method.equals("get")
          ? http.post(asked, "{}").statusCode()
          : http.get(asked).statusCode();
      assertThat(status).as(path).isIn(405, 200);
    }
  }

  /** The server closes the connection then, and the next request on it would be lost. */
  @Test
  void whoeverSendsABodyThatIsNotReadIsToldThatTheConnectionCloses() throws Exception {
    for (String path : List.of("/health", "/ready", "/openapi.json", "/v1/models")) {
      HttpResponse<String> response = http.post(path, "{}");
      assertThat(response.headers().firstValue("Connection")).as(path).contains("close");
    }
    assertThat(http.get("/health").headers().firstValue("Connection")).isEmpty();
  }

  @Test
  void openApiFileTellsTheStatusesThatARouteCanGive() throws Exception {
    JsonNode document = http.json(http.get("/openapi.json").body());
    for (String path : document.path("paths").propertyNames()) {
      for (String method : document.path("paths").path(path).propertyNames()) {
        JsonNode operation = document.path("paths").path(path).path(method);
        JsonNode responses = operation.path("responses");
        boolean isPublic = operation.has("security");
        boolean hasBody = method.equals("post");
        boolean asks = operation.has("requestBody");
        assertThat(responses.has("default")).as(path).isNotEqualTo(isPublic);
        assertThat(responses.has("409")).as(path).isEqualTo(asks);
        for (String ofBodies : List.of("408", "413", "415")) {
          assertThat(responses.has(ofBodies)).as(path).isEqualTo(hasBody);
        }
        assertThat(
                responses.path("202").isMissingNode() || responses.path("202").has("content"))
            .as(path)
            .isTrue();
      }
    }
    for (String path : List.of("/predict", "/production/predict")) {
      JsonNode content = document
          .path("paths")
          .path(path)
          .path("post")
          .path("responses")
          .path("200")
          .path("content");
      assertThat(content.propertyNames()).containsExactly("application/json", "text/plain");
    }
  }

  @Test
  void predictGivesText() throws Exception {
    String body = """
        {"messages": [{"role": "user", "content": "What is a mistral?"}], "do_sample": false,
         "max_tokens": 8%s}""";
    HttpResponse<String> whole = http.post("/predict", body.formatted(""));
    HttpResponse<String> stream = http.post("/predict", body.formatted(", \"stream\": true"));

    assertThat(whole.statusCode()).as(whole.body()).isEqualTo(200);
    assertThat(stream.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
    assertThat(stream.body()).isEqualTo(http.json(whole.body()).asString()).isNotEmpty();
    assertError(
        http.post("/predict", body.formatted("").replace("8", "4097")), 400, "invalid_value");
  }

  @Test
  void predictCountsThePromptAmongItsTokens() throws Exception {
    String body = """
        {"messages": [{"role": "user", "content": "%s"}], "max_tokens": 4}""";
    HttpResponse<String> fits = http.post("/predict", body.formatted("Hi"));
    HttpResponse<String> tooLong = http.post("/predict", body.formatted("wind ".repeat(4_096)));

    assertThat(fits.statusCode()).as(fits.body()).isEqualTo(200);
    assertError(tooLong, 400, "context_length_exceeded");
  }

  @Test
  void productionPredictPutsThePromptInFront() throws Exception {
    String body = """
        {"prompt": "What is a mistral?", "temperature": 0, "max_new_tokens": 8%s}""";
    HttpResponse<String> whole = http.post("/production/predict", body.formatted(""));
    HttpResponse<String> stream =
        http.post("/production/predict", body.formatted(", \"stream\": true"));

    String output = http.json(whole.body()).path("output").asString();
    assertThat(output).startsWith("<s>[INST] What is a mistral? [/INST]");
    assertThat(output.length()).isGreaterThan("<s>[INST] What is a mistral? [/INST]".length() + 4);
    assertThat(stream.body()).isEqualTo(output);
  }

  @Test
  void deadlineThatHasPassedEndsTheAnswer() throws Exception {
    assertError(
        http.post("chat/completions", ask(""), "deadline-ms", "1000"), 504, "deadline_exceeded");
    assertError(
        http.post("chat/completions", ask(""), "deadline-ms", "soon"), 400, "invalid_value");
  }
}
