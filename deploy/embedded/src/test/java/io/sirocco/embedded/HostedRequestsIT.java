package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.RawReply;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The example requests of hosted Mistral and Mixtral endpoints, as they are sent, and the bodies that
 * come back, member by member.
 */
@OnEmbeddedKafka
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class HostedRequestsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MODEL = "mistralai/Mixtral-8x7B-Instruct-v0.1";

  private final JsonCodec codec = new JsonCodec();
  private Worker worker;
  private SiroccoClient client;

  @BeforeAll
  void start(KafkaBroker broker) throws Exception {
    ServedModel model = DemoModels.f32(4);
    WorkerSettings settings = WorkerSettings.of(broker.bootstrapServers(), "demo")
        .withPartitions(1)
        .withAliases(List.of(MODEL));
    worker = Worker.start(settings, model, new SimpleMeterRegistry(), fault -> {
      throw new AssertionError(fault);
    });
    client = SiroccoClient.connect(
        ClientSettings.builder(broker.bootstrapServers()).readyTopics(8).build());
  }

  @AfterAll
  void stop() {
    client.close();
    worker.close();
  }

  @Test
  void allParametersInOne() throws Exception {
    ReplyStream stream = submit("""
        {"model": "%s", "messages": [{"role": "user", "content": "Where is Paris?"}],
         "stream": false, "temperature": 0.7, "top_p": 0.9, "min_p": 0.01, "top_k": 50,
         "max_tokens": 24, "stop": ["\\n\\n", "###"], "n": 2, "presence_penalty": 0.1,
         "frequency_penalty": 0.2, "repetition_penalty": 1.1, "no_repeat_ngram_size": 4,
         "logit_bias": {"17": -1.5}, "logprobs": true, "top_logprobs": 3, "seed": 42,
         "min_tokens": 2, "stop_token_ids": [7], "ignore_eos": false, "do_sample": true,
         "include_stop_str_in_output": true, "skip_special_tokens": true, "use_cache": true,
         "return_token_ids": true, "priority": 1, "cache_salt": "a", "user": "u-1",
         "prompt_cache_key": "k", "response_format": {"type": "text"}, "tool_choice": "none",
         "service_tier": "auto", "metadata": {"k": "v"}}""");
    JsonNode whole = whole(stream);

    assertEnvelope(whole, 2, "prompt_token_ids");
    assertThat(whole.path("prompt_token_ids").size())
        .isEqualTo(whole.path("usage").path("prompt_tokens").asInt());
    int generated = 0;
    for (JsonNode choice : whole.path("choices")) {
      assertTopLogprobs(choice, 3);
      assertThat(choice.path("token_ids").size()).isBetween(2, 24);
      assertThat(choice.path("finish_reason").asString())
          .isEqualTo(choice.path("token_ids").size() < 24 ? "stop" : "length");
      generated += choice.path("token_ids").size();
    }
    assertThat(whole.path("usage").path("completion_tokens").asInt()).isEqualTo(generated);
    assertThat(start(stream).headers().get(Headers.SEED)).isEqualTo("42");
    assertThat(start(stream).headers().get(Headers.WARNINGS)).isNull();
  }

  @Test
  void severalTurns() throws Exception {
    JsonNode whole = whole(submit("""
        {"model": "%s", "max_tokens": 16, "messages": [
          {"role": "user", "content": "Respond like a michelin starred chef."},
          {"role": "assistant", "content": "Bonjour! How may I be of service?"},
          {"role": "user", "content": "Yes, how do I cook a fish?"}]}"""));

    assertEnvelope(whole, 1);
    assertThat(whole.path("choices").get(0).path("logprobs").isNull()).isTrue();
  }

  @Test
  void aSystemMessage() throws Exception {
    JsonNode with = whole(submit("""
        {"model": "%s", "max_tokens": 8, "messages": [
          {"role": "system", "content": "You are a terse guide."},
          {"role": "user", "content": "Where is Paris?"}]}"""));
    JsonNode without = whole(submit("""
        {"model": "%s", "max_tokens": 8, "messages": [
          {"role": "user", "content": "Where is Paris?"}]}"""));

    assertEnvelope(with, 1);
    assertThat(with.path("usage").path("prompt_tokens").asInt())
        .isGreaterThan(without.path("usage").path("prompt_tokens").asInt());
  }

  @Test
  void greedyAnswersAreAlike() throws Exception {
    String greedy = """
        {"model": "%s", "max_tokens": 12, "do_sample": false, "return_token_ids": true,
         "messages": [{"role": "user", "content": "Where is Lima?"}]}""";
    String cold = greedy.replace("\"do_sample\": false", "\"temperature\": 0");
    JsonNode first = whole(submit(greedy));
    JsonNode second = whole(submit(cold));

    assertEnvelope(first, 1, "prompt_token_ids");
    assertThat(second.path("choices")).isEqualTo(first.path("choices"));
    assertThat(second
            .path("usage")
            .path("prompt_tokens_details")
            .path("cached_tokens")
            .asInt())
        .isBetween(0, first.path("usage").path("prompt_tokens").asInt() - 1);
  }

  @Test
  void twoChoicesWithLogprobs() throws Exception {
    JsonNode whole = whole(submit("""
        {"model": "%s", "max_tokens": 32, "n": 2, "logprobs": true, "top_logprobs": 2, "seed": 7,
         "temperature": 2, "frequency_penalty": 2,
         "messages": [{"role": "user", "content": "Tell me a story."}]}"""));

    assertEnvelope(whole, 2);
    whole.path("choices").forEach(choice -> assertTopLogprobs(choice, 2));
    assertThat(whole.path("choices").get(0).path("message"))
        .isNotEqualTo(whole.path("choices").get(1).path("message"));
  }

  @Test
  void deltasOfTwoChoicesSayWhatTheWholeAnswerSays() throws Exception {
    String body = """
        {"model": "%s", "max_tokens": 12, "n": 2, "logprobs": true, "seed": 7, "stream": true,
         "return_token_ids": true, "stream_options": {"include_usage": true},
         "messages": [{"role": "user", "content": "Tell me a story."}]}""";
    ReplyStream stream = submit(body);
    JsonNode whole = whole(submit(body.replace("\"stream\": true", "\"stream\": false")));

    List<ChatChunk> chunks = new ArrayList<>();
    stream.chunks().within(PATIENCE).forEach(chunks::add);
    JsonNode streamed = tree(codec.writeBytes(stream.await(PATIENCE)));
    assertThat(chunks.get(chunks.size() - 1).choices()).isEmpty();
    for (int i = 0; i < 2; i++) {
      assertSayTheSame(streamed.path("choices").get(i), whole.path("choices").get(i));
    }
    assertThat(streamed.path("usage").path("completion_tokens"))
        .isEqualTo(whole.path("usage").path("completion_tokens"));
  }

  @Test
  void theReasonIsStopWhereTheModelOrATextOrATokenEndsIt() throws Exception {
    JsonNode byModel = whole(submit(capital("\"return_token_ids\": true,")));
    assertEnded(byModel, "stop", "The capital of France is Paris. France is a country in Europe.");
    List<Integer> ids = tokenIds(byModel);

    JsonNode byText = whole(submit(capital("\"stop\": [\"Lima\", \" Paris\"],")));
    assertEnded(byText, "stop", "The capital of France is");

    int fourth = ids.get(3);
    JsonNode byToken = whole(
        submit(capital("\"return_token_ids\": true, \"stop_token_ids\": [%d],".formatted(fourth))));
    assertThat(tokenIds(byToken)).isEqualTo(ids.subList(0, ids.indexOf(fourth) + 1));
    assertThat(byToken.path("choices").get(0).path("finish_reason").asString()).isEqualTo("stop");
  }

  @Test
  void theReasonIsLengthWhereTheMostTokensEndIt() throws Exception {
    for (String most : List.of(
        "\"max_tokens\": 3,",
        "\"max_completion_tokens\": 3, \"max_tokens\": 5, \"max_new_tokens\": 7,",
        "\"max_tokens\": 3, \"max_new_tokens\": 7,",
        "\"max_new_tokens\": 3,")) {
      JsonNode whole = whole(submit(capital(most + "\"return_token_ids\": true,")));

      assertEnvelope(whole, 1, "prompt_token_ids");
      assertThat(tokenIds(whole)).as(most).hasSize(3);
      assertThat(whole.path("choices").get(0).path("finish_reason").asString()).isEqualTo("length");
    }
  }

  @Test
  void noPairOfTokensComesTwice() throws Exception {
    JsonNode whole = whole(submit(capital("""
        "return_token_ids": true, "no_repeat_ngram_size": 2, "ignore_eos": true, "max_tokens": 60,
        """)));

    List<Integer> all = new ArrayList<>();
    whole.path("prompt_token_ids").forEach(id -> all.add(id.asInt()));
    int prompt = all.size();
    all.addAll(tokenIds(whole));
    assertThat(all).hasSize(prompt + 60);
    for (int i = prompt; i < all.size(); i++) {
      List<Integer> pair = all.subList(i - 1, i + 1);
      assertThat(Collections.indexOfSubList(all, pair)).as("pair at %d", i).isEqualTo(i - 1);
    }
  }

  @Test
  void anAnswerThatGoesOnMayBeginWithWhatItGoesOnFrom() throws Exception {
    String goesOn = """
        {"model": "%s", "temperature": 0, "continue_final_message": true, ECHO "messages": [
          {"role": "user", "content": "What is the capital of France?"},
          {"role": "assistant", "content": "The capital of France"}]}""";
    JsonNode rest = whole(submit(goesOn.replace("ECHO", "")));
    JsonNode all = whole(submit(goesOn.replace("ECHO", "\"echo\": true,")));

    assertEnvelope(rest, 1);
    assertEnded(rest, "stop", " is Paris. France is a country in Europe.");
    assertEnded(all, "stop", "The capital of France is Paris. France is a country in Europe.");
  }

  @Test
  void theCommandLinePrintsTheChunks(KafkaBroker broker) {
    CommandLineRun run = CommandLineRun.of(
        "chat",
        "--bootstrap-server",
        broker.bootstrapServers(),
        "--served-model",
        MODEL,
        "--json",
        "--system",
        "You are a terse guide.",
        "--temperature",
        "0.7",
        "--top-p",
        "0.9",
        "--max-tokens",
        "8",
        "--seed",
        "42",
        "Where is Paris?");

    assertThat(run.exitCode()).as(run.err()).isZero();
    List<JsonNode> lines =
        run.out().lines().map(line -> tree(line.getBytes(UTF_8))).toList();
    assertThat(lines).hasSizeGreaterThan(2);
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.propertyNames())
            .containsExactly("offset", "timestamp", "headers", "value"));
    assertThat(lines.get(0).path("headers").path("event").asString()).isEqualTo("start");
    assertThat(lines.get(0).path("headers").path("seed").asString()).isEqualTo("42");
    for (JsonNode line : lines.subList(0, lines.size() - 1)) {
      assertChunk(line.path("value"));
    }
    JsonNode end = lines.get(lines.size() - 1).path("value");
    assertThat(end.propertyNames())
        .containsExactly("id", "object", "created", "model", "choices", "usage");
    assertThat(end.path("choices").size()).isZero();
    assertUsage(end.path("usage"));
    JsonNode last = lines.get(lines.size() - 2).path("value").path("choices").get(0);
    assertThat(last.path("finish_reason").asString())
        .isEqualTo(end.path("usage").path("completion_tokens").asInt() < 8 ? "stop" : "length");
  }

  @Test
  void aPromptAlone() throws Exception {
    JsonNode whole = whole(submit("""
        {"model": "%s", "max_tokens": 0, "echo": true,
         "messages": [{"role": "user", "content": "Where is Paris?"}]}"""));

    assertThat(whole.path("choices").get(0).path("message").path("content").asString())
        .isEmpty();
    assertThat(whole.path("choices").get(0).path("finish_reason").asString()).isEqualTo("length");
    assertThat(whole.path("usage").path("completion_tokens").asInt()).isZero();
  }

  /** In another batch sums are added up in another order, so that probabilities are near, not equal. */
  private static void assertSayTheSame(JsonNode choice, JsonNode other) {
    assertThat(choice.path("message")).isEqualTo(other.path("message"));
    assertThat(choice.path("token_ids")).isEqualTo(other.path("token_ids"));
    assertThat(choice.path("finish_reason")).isEqualTo(other.path("finish_reason"));
    JsonNode content = choice.path("logprobs").path("content");
    JsonNode others = other.path("logprobs").path("content");
    assertThat(content.size()).isEqualTo(others.size()).isPositive();
    for (int i = 0; i < content.size(); i++) {
      assertThat(content.get(i).path("bytes")).isEqualTo(others.get(i).path("bytes"));
      assertThat(content.get(i).path("logprob").asDouble())
          .isCloseTo(others.get(i).path("logprob").asDouble(), within(1e-4));
    }
  }

  private ReplyStream submit(String body) throws Exception {
    byte[] json = body.replace("%s", MODEL).getBytes(UTF_8);
    return client.submit(codec.read(json, ChatRequest.class));
  }

  /** The value of the last record, as it stands on the wire. */
  private static JsonNode whole(ReplyStream stream) {
    RawReply last = start(stream);
    for (RawReply reply : stream.records().within(PATIENCE)) {
      last = reply;
    }
    assertThat(last.reply().event()).as(last.reply().body()).isEqualTo(ReplyEvent.END);
    return tree(last.reply().body().getBytes(UTF_8));
  }

  private static JsonNode tree(byte[] json) {
    return JsonMapper.shared().readTree(json);
  }

  private static RawReply start(ReplyStream stream) {
    return stream.records().within(PATIENCE).iterator().next();
  }

  /** A greedy question whose answer the demo model knows, with more members. */
  private static String capital(String members) {
    return """
        {"model": "%s", "temperature": 0, MEMBERS
         "messages": [{"role": "user", "content": "What is the capital of France?"}]}""".replace("MEMBERS", members);
  }

  private static List<Integer> tokenIds(JsonNode whole) {
    List<Integer> ids = new ArrayList<>();
    whole.path("choices").get(0).path("token_ids").forEach(id -> ids.add(id.asInt()));
    return ids;
  }

  private static void assertEnded(JsonNode whole, String finishReason, String text) {
    JsonNode choice = whole.path("choices").get(0);
    assertThat(choice.path("message").path("content").asString()).isEqualTo(text);
    assertThat(choice.path("finish_reason").asString()).isEqualTo(finishReason);
  }

  private static void assertChunk(JsonNode chunk) {
    assertThat(chunk.propertyNames())
        .containsExactly("id", "object", "created", "model", "choices");
    assertThat(chunk.path("object").asString()).isEqualTo("chat.completion.chunk");
    JsonNode choice = chunk.path("choices").get(0);
    assertThat(choice.propertyNames()).containsExactly("index", "delta", "finish_reason");
    assertThat(List.of("role", "content")).containsAll(choice.path("delta").propertyNames());
  }

  /**
   * A whole answer has these members and no others.
   *
   * @param more those that the request asked for
   */
  private static void assertEnvelope(JsonNode whole, int choices, String... more) {
    List<String> members =
        new ArrayList<>(List.of("id", "object", "created", "model", "choices", "usage"));
    members.addAll(List.of(more));
    assertThat(whole.propertyNames()).containsExactlyElementsOf(members);
    List<String> ofChoice =
        new ArrayList<>(List.of("index", "message", "logprobs", "finish_reason"));
    if (more.length > 0) {
      ofChoice.add("token_ids");
    }
    assertThat(whole.path("id").asString()).startsWith("chatcmpl-");
    assertThat(whole.path("object").asString()).isEqualTo("chat.completion");
    assertThat(whole.path("created").asLong()).isPositive();
    assertThat(whole.path("model").asString()).isEqualTo("demo");
    assertThat(whole.path("choices").size()).isEqualTo(choices);
    for (int i = 0; i < choices; i++) {
      JsonNode choice = whole.path("choices").get(i);
      assertThat(choice.propertyNames()).containsExactlyElementsOf(ofChoice);
      assertThat(choice.path("index").asInt()).isEqualTo(i);
      assertThat(choice.path("message").propertyNames())
          .containsExactly("role", "content", "refusal");
      assertThat(choice.path("message").path("refusal").isNull()).isTrue();
      assertThat(choice.path("message").path("role").asString()).isEqualTo("assistant");
      assertThat(choice.path("message").path("content").isString()).isTrue();
      assertThat(choice.path("finish_reason").asString()).isIn("stop", "length");
    }
    assertUsage(whole.path("usage"));
  }

  private static void assertUsage(JsonNode usage) {
    assertThat(usage.propertyNames())
        .containsExactly(
            "prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details");
    assertThat(usage.path("prompt_tokens_details").propertyNames())
        .containsExactly("cached_tokens");
    int prompt = usage.path("prompt_tokens").asInt();
    int completion = usage.path("completion_tokens").asInt();
    assertThat(prompt).isPositive();
    assertThat(completion).isPositive();
    assertThat(usage.path("total_tokens").asInt()).isEqualTo(prompt + completion);
    assertThat(usage.path("prompt_tokens_details").path("cached_tokens").isInt())
        .isTrue();
  }

  private static void assertTopLogprobs(JsonNode choice, int top) {
    assertThat(choice.path("logprobs").propertyNames()).containsExactly("content", "refusal");
    assertThat(choice.path("logprobs").path("refusal").isNull()).isTrue();
    JsonNode content = choice.path("logprobs").path("content");
    assertThat(content.size()).isPositive();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (JsonNode token : content) {
      assertThat(token.propertyNames())
          .containsExactly("token", "logprob", "bytes", "top_logprobs");
      token.path("bytes").forEach(value -> bytes.write(value.asInt()));
      assertThat(token.path("token").isString()).isTrue();
      assertThat(token.path("logprob").asDouble()).isLessThanOrEqualTo(0);
      JsonNode likeliest = token.path("top_logprobs");
      assertThat(likeliest.size()).isEqualTo(top);
      double sum = 0;
      double before = 0;
      for (JsonNode other : likeliest) {
        assertThat(other.propertyNames()).containsExactly("token", "logprob", "bytes");
        double logprob = other.path("logprob").asDouble();
        assertThat(logprob).isLessThanOrEqualTo(before);
        assertThat(other.path("bytes").isArray()).isTrue();
        before = logprob;
        sum += Math.exp(logprob);
      }
      assertThat(sum).isLessThanOrEqualTo(1 + 1e-6);
      likeliest.forEach(other -> {
        if (other.path("bytes").equals(token.path("bytes"))) {
          assertThat(other.path("logprob").asDouble())
              .isCloseTo(token.path("logprob").asDouble(), within(1e-9));
        }
      });
    }
    assertThat(choice.path("message").path("content").asString()).isEqualTo(bytes.toString(UTF_8));
  }
}
