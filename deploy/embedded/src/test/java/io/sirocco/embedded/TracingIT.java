package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A worker that sends its traces to a receiver, which is the test. */
@OnEmbeddedKafka
@EnabledOnOs(OS.LINUX)
class TracingIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String USER = "alice-of-accounting";

  private final List<String> received = new CopyOnWriteArrayList<>();
  private HttpServer receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/v1/traces", this::receive);
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    received.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  @Test
  void theWayOfARequestIsToldInTheTraceOfItsSender(KafkaBroker broker) throws Exception {
    try (WorkerProcess worker = WorkerProcess.start(
            "--bootstrap-server",
            broker.bootstrapServers(),
            "--set",
            "tracing.otlp.endpoint=http://127.0.0.1:" + receiver.getAddress().getPort()
                + "/v1/traces",
            "--set",
            "worker.partitions=1");
        SiroccoClient client = SiroccoClient.connect(
            ClientSettings.builder(broker.bootstrapServers()).model("demo").build())) {
      worker.awaitLine("ready model=demo");
      client
          .submit(
              ChatRequest.builder().message(ChatMessage.user("Zanzibarland?")).build(),
              SubmitOptions.builder()
                  .user(USER)
                  .header(Headers.TRACEPARENT, "00-" + TRACE + "-b7ad6b7169203331-01")
                  .build())
          .await(PATIENCE);

      // They come as they end, in one piece or more.
      String trace = new String(HexFormat.of().parseHex(TRACE), ISO_8859_1);
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(String.join("", received))
              .contains("chat demo", "queue", "prefill", "decode", "publish", "close")
              .contains(trace, "sirocco-worker", "gen_ai.usage.output_tokens"));
      assertThat(String.join("", received)).doesNotContain(USER, "Zanzibarland");
    }
  }
}
