package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.embedded.HttpAsker.Event;
import io.sirocco.gateway.Gateway;
import io.sirocco.gateway.settings.GatewaySettings;
import io.sirocco.testkit.GroupSessions;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Processes are killed while a stream is read through a gateway. */
@EnabledOnOs(OS.LINUX)
@OnEmbeddedKafka
@Timeout(600)
class GatewayFaultIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int BEFORE = 40;
  private static final String QUESTION = """
      {"model": "demo", "stream": true, "temperature": 1.5, "seed": 7, "max_tokens": 600,
       "ignore_eos": true, "messages": [{"role": "user", "content": "Tell me everything."}]}""";

  @Test
  void streamAndThatOfOpenAisClientGoOnWhenTheirWorkerIsKilled(KafkaBroker broker)
      throws Exception {
    String server = broker.bootstrapServers();
    GroupSessions.set(broker, Topics.workerGroup(Topics.requests("demo")), Duration.ofSeconds(3));
    try (WorkerProcess first = worker(server);
        Gateway gateway =
            Gateway.start(GatewaySettings.local(server, 0), new SimpleMeterRegistry())) {
      HttpAsker http = new HttpAsker(gateway.address());
      List<Event> undisturbed = http.events("chat/completions", QUESTION).toList();

      OpenAIClient sdk = OpenAIOkHttpClient.builder()
          .baseUrl(gateway.address().toString())
          .apiKey("none")
          .maxRetries(0)
          .build();
      StringBuilder seenBySdk = new StringBuilder();
      try (StreamResponse<ChatCompletionChunk> stream =
          sdk.chat().completions().createStreaming(question("killed"))) {
        Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
        for (int i = 0; i < BEFORE; i++) {
          seenBySdk.append(text(chunks.next()));
        }
        String answer = "chat/completions/chatcmpl-killed";
        await().atMost(PATIENCE).until(() -> http.get(answer + "?wait=0").statusCode() != 404);
        Iterator<Event> events = http.events(answer + "?stream=true", "").iterator();
        first.signal("KILL");
        first.exitCode();
        try (WorkerProcess second = worker(server)) {
          chunks.forEachRemaining(chunk -> seenBySdk.append(text(chunk)));
          List<Event> seen = new ArrayList<>();
          events.forEachRemaining(seen::add);

          assertThat(seenBySdk.toString()).isEqualTo(http.text(undisturbed));
          assertThat(http.text(seen)).isEqualTo(http.text(undisturbed));
          assertThat(seen.get(seen.size() - 1).data()).isEqualTo("[DONE]");
          assertContiguous(seen);
          assertThat(second.lines("ready model=demo")).isEqualTo(1);
        }
      } finally {
        sdk.close();
      }
    }
  }

  /** The question, as OpenAI's client asks it. */
  private static ChatCompletionCreateParams question(String key) {
    return ChatCompletionCreateParams.builder()
        .model("demo")
        .addUserMessage("Tell me everything.")
        .temperature(1.5)
        .putAdditionalBodyProperty("seed", JsonValue.from(7))
        .maxCompletionTokens(600)
        .putAdditionalBodyProperty("ignore_eos", JsonValue.from(true))
        .putAdditionalHeader("Idempotency-Key", key)
        .build();
  }

  private static String text(ChatCompletionChunk chunk) {
    return chunk.choices().stream()
        .map(choice -> choice.delta().content().orElse(""))
        .collect(Collectors.joining());
  }

  @Test
  void readerGoesOnAtAnotherGatewayWhenItsOwnIsKilled(KafkaBroker broker) throws Exception {
    String server = broker.bootstrapServers();
    try (WorkerProcess worker = worker(server);
        WorkerProcess doomed = gateway(server);
        WorkerProcess other = gateway(server)) {
      HttpAsker here = new HttpAsker(address(doomed));
      HttpAsker there = new HttpAsker(address(other));
      List<Event> undisturbed = there.events("chat/completions", QUESTION).toList();
      String key = UUID.randomUUID().toString();

      Iterator<Event> stream =
          here.events("chat/completions", QUESTION, "Idempotency-Key", key).iterator();
      List<Event> seen = new ArrayList<>();
      while (seen.size() < BEFORE) {
        seen.add(stream.next());
      }
      doomed.signal("KILL");
      doomed.exitCode();
      readWhatIsLeft(stream, seen);
      Event last = seen.get(seen.size() - 1);
      String id = there.json(seen.get(0).data()).path("id").asString();
      if (!last.data().equals("[DONE]")) { // All of it had left where the machine stood still.
        there.events("chat/completions/" + id, "", "Last-Event-ID", last.id()).forEach(seen::add);
      }

      assertThat(there.text(seen)).isEqualTo(there.text(undisturbed));
      assertContiguous(seen);
      assertThat(worker.lines("ready model=demo")).isEqualTo(1);
    }
  }

  /** What had left the gateway before it died. */
  private static void readWhatIsLeft(Iterator<Event> stream, List<Event> seen) {
    try {
      stream.forEachRemaining(seen::add);
    } catch (UncheckedIOException e) {
      // The end of the connection.
    }
  }

  private static void assertContiguous(List<Event> events) {
    List<String> ids = events.stream().skip(1).map(Event::id).toList();
    List<String> sequences = new ArrayList<>();
    for (int sequence = 0; sequence < ids.size(); sequence++) {
      sequences.add(String.valueOf(sequence));
    }
    assertThat(ids).isEqualTo(sequences);
  }

  private static WorkerProcess worker(String server) throws Exception {
    // In f32, or an heir may choose another token at a near tie.
    WorkerProcess worker = WorkerProcess.start(
        "--bootstrap-server", server, "--set", "worker.threads=1", "--set", "worker.precision=f32");
    worker.awaitLine("ready model=demo");
    return worker;
  }

  private static WorkerProcess gateway(String server) throws Exception {
    WorkerProcess gateway =
        WorkerProcess.ofRole("gateway", "--bootstrap-server", server, "--set", "gateway.port=0");
    gateway.awaitLine("ready gateway=");
    HttpAsker http = new HttpAsker(address(gateway));
    await().atMost(PATIENCE).until(() -> http.get("/ready").statusCode() == 200);
    return gateway;
  }

  private static URI address(WorkerProcess gateway) {
    String line = gateway.log().stream()
        .filter(it -> it.contains("ready gateway="))
        .findFirst()
        .orElseThrow();
    return URI.create(line.substring(line.indexOf("http")).strip());
  }
}
