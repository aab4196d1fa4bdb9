package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.gateway.Gateway;
import io.sirocco.gateway.settings.GatewaySettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What nobody well-meaning sends is refused as the caller's fault, and leaves the gateway as it was.
 * {@code -Dsirocco.fuzzed.bodies=10000} sends that many.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class HostileRequestsIT {
  private static final int BODIES = Integer.getInteger("sirocco.fuzzed.bodies", 300);
  private static final long SEED = 20_261_121;
  private static final int PATIENCE_MILLIS = 60_000;
  private static final String GOOD = """
      {"model": "demo", "messages": [{"role": "user", "content": "What is a mistral?"}],
       "max_tokens": 1, "temperature": 0.5, "stop": ["x"], "logit_bias": {"3": 1}}""";

  /** What each route takes. */
  private static final Map<String, String> GOOD_BODIES = new TreeMap<>(Map.of(
      "/v1/chat/completions",
      GOOD,
      "/chat/completions",
      """
      {"model": "demo", "messages": [{"role": "user", "content": "What is a mistral?"}],
       "max_tokens": "1", "temperature": "0.5", "stop": ["x"]}""",
      "/predict",
      """
      {"messages": [{"role": "user", "content": "What is a mistral?"}],
       "max_tokens": 1, "max_length": 512, "top_p": 0.9, "do_sample": true}""",
      "/production/predict",
      """
      {"prompt": "What is a mistral?", "max_new_tokens": 1, "temperature": 0.5, "top_k": 5}"""));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private EmbeddedSirocco sirocco;
  private Gateway gateway;

  @BeforeAll
  void start() throws Exception {
    sirocco = DemoSystem.start();
    gateway = startGateway(Duration.ofSeconds(60), registry);
    await().atMost(Duration.ofSeconds(60)).until(gateway::isReady);
  }

  /** @param requestTime how long a request may take to arrive */
  private Gateway startGateway(Duration requestTime, SimpleMeterRegistry measured) {
    GatewaySettings.Limits limits = new GatewaySettings.Limits(
        100_000,
        8_192,
        64,
        256,
        requestTime,
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ZERO);
    return Gateway.start(
        GatewaySettings.local(sirocco.bootstrapServers(), 0).withLimits(limits), measured);
  }

  @AfterAll
  void stop() {
    try {
      await().atMost(Duration.ofSeconds(60)).untilAsserted(this::assertNothingIsOpen);
    } finally {
      gateway.close();
      sirocco.close();
    }
  }

  private void assertNothingIsOpen() {
    List<Gauge> gauges =
        new ArrayList<>(registry.get("sirocco.gateway.open.answers").gauges());
    gauges.add(registry.get("sirocco.gateway.background.answers").gauge());
    assertThat(gauges).hasSize(3).allMatch(gauge -> gauge.value() == 0);
  }

  @Test
  void deepNestingIsRefused() throws Exception {
    assertStatus(400, "[".repeat(50_000).getBytes(UTF_8));
    assertStatus(400, ("{\"messages\":" + "[{\"a\":".repeat(9_000)).getBytes(UTF_8));
  }

  @Test
  void brokenUtf8IsRefused() throws Exception {
    byte[] body = GOOD.getBytes(UTF_8);
    body[GOOD.indexOf("mistral")] = (byte) 0xff;
    assertStatus(400, body);
  }

  @Test
  void bodyThatIsTooLargeIsRefused() throws Exception {
    assertStatus(413, ("\"" + "x".repeat(100_001) + "\"").getBytes(UTF_8));
    String chunks = "1000\r\n" + "y".repeat(0x1000) + "\r\n";
    assertThat(status(raw("POST", "/v1/chat/completions", "Transfer-Encoding: chunked")
            + chunks.repeat(40) + "0\r\n\r\n"))
        .isEqualTo(413);
  }

  @Test
  void headerFloodIsRefused() throws Exception {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      many.append("X-Flood-").append(i).append(": y\r\n");
    }
    assertThat(status("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n" + many + "\r\n"))
        .isEqualTo(431);
    assertThat(status("GET /" + "z".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .isBetween(400, 499);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "multipart/form-data; boundary=x", "application/xml", "a"})
  void otherContentTypesAreRefused(String type) throws Exception {
    assertThat(status("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            + type + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"))
        .isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/../../etc/passwd",
        "/v1/%2e%2e/%2e%2e/etc/passwd",
        "/v1//chat/completions",
        "/v1/chat/completions/..%2f..%2fx",
        "/v1/chat/completions/%00",
        "/v1/chat/completions/%ff%fe",
        "/v1/chat/completions/%",
        "/v1/chat;a=b/completions",
        "/v1/models/\\..\\x",
        "http://elsewhere/v1/models",
        "*"
      })
  void pathTricksAreRefused(String path) throws Exception {
    assertThat(status("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .isBetween(400, 499);
  }

  @Test
  void slowBodyTimesOut() throws Exception {
    String begun = raw("POST", "/v1/chat/completions", "Content-Length: 5000") + "{";
    try (Gateway hasty = startGateway(Duration.ofSeconds(2), new SimpleMeterRegistry())) {
      assertThat(status(hasty, begun)).isEqualTo(408);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"})
  void headerThatComesByteByByteEnds(String before) throws Exception {
    try (Gateway hasty = startGateway(Duration.ofSeconds(2), new SimpleMeterRegistry());
        Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), hasty.address().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write((before + "GET /health HTTP/1.1\r\nX-Slow: ").getBytes(ISO_8859_1));
      await()
          .pollInterval(Duration.ofMillis(200))
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> assertThatThrownBy(() -> out.write('x')).isInstanceOf(SocketException.class));
    }
  }

  @Test
  void requestOfAnotherSiteIsRefused() throws Exception {
    assertThat(status(raw("GET", "/v1/models", "Origin: http://elsewhere.example")))
        .isEqualTo(403);
    assertThat(status("GET /v1/models HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n"))
        .isEqualTo(421);
  }

  @Test
  @Timeout(3_600)
  void fuzzedBodiesAreAnsweredOrRefusedAndNothingElse() throws Exception {
    Random random = new Random(SEED);
    List<Map.Entry<String, String>> routes = List.copyOf(GOOD_BODIES.entrySet());
    for (int i = 0; i < BODIES; i++) {
      String path = routes.get(i % routes.size()).getKey();
      byte[] body = routes.get(i % routes.size()).getValue().getBytes(UTF_8);
      for (int edit = random.nextInt(6); edit >= 0; edit--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      int status = statusOf(path, body);
      assertThat(status == 200 || (status >= 400 && status < 500))
          .as("status %d of body %d at %s, seed %d", status, i, path, SEED)
          .isTrue();
    }
    for (Map.Entry<String, String> route : routes) {
      assertThat(statusOf(route.getKey(), route.getValue().getBytes(UTF_8)))
          .as(route.getKey())
          .isEqualTo(200);
    }
  }

  private void assertStatus(int expected, byte[] body) throws Exception {
    assertThat(statusOf("/v1/chat/completions", body)).isEqualTo(expected);
  }

  private int statusOf(String path, byte[] body) throws Exception {
    String head =
        raw("POST", path, "Content-Type: application/json\r\nContent-Length: " + body.length);
    return status(head + new String(body, ISO_8859_1));
  }

  private static String raw(String method, String path, String header) {
    return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header
        + "\r\n\r\n";
  }

  /** Sends text, byte for byte, and returns the status that comes back. */
  private int status(String text) throws IOException {
    return status(gateway, text);
  }

  private static int status(Gateway asked, String text) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), asked.address().getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      OutputStream out = socket.getOutputStream();
      try {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
      } catch (SocketException e) {
        // The answer may be there before all was sent.
      }
      byte[] first = socket.getInputStream().readNBytes("HTTP/1.1 400".length());
      return Integer.parseInt(new String(first, ISO_8859_1).substring(9));
    }
  }
}
