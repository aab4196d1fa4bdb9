package io.sirocco.streams.http;

import static io.sirocco.streams.TestUsage.event;
import static io.sirocco.streams.TestUsage.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.InMemoryUsage;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.query.LatencyCount;
import io.sirocco.streams.query.RequestsQuestion;
import io.sirocco.streams.query.TimeQuestion;
import io.sirocco.streams.query.UsageQuestion;
import io.sirocco.streams.query.UsageSource;
import io.sirocco.streams.query.UsageUnavailableException;
import io.sirocco.streams.reconciliation.Reconciliation;
import io.sirocco.streams.report.UsageReport;
import io.sirocco.streams.report.UsageReports;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageServerTest {
  private static final Instant NOON = Instant.parse("2026-11-16T12:00:00Z");
  private static final String NOVEMBER = "from=2026-11-01&to=2026-12-01";

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicLong counted = new AtomicLong();
  private final InMemoryUsage usage = new InMemoryUsage(
      new PricedUsage(event(0, "ada", "breeze", NOON, 10, 4, 5), usd("0.000007")),
      new PricedUsage(event(1, "<b>&", "breeze", NOON, 10, 4, 5), usd("1")));
  private @Nullable UsageServer server;

  @AfterEach
  void end() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void usageIsAnsweredAsItIsKept() throws Exception {
    UsageServer server = serve(HttpSettings.LOCAL, usage);

    HttpResponse<String> answer =
        get(server, "api/v1/usage?window=month&user=%3Cb%3E%26&" + NOVEMBER);

    assertThat(answer.statusCode()).isEqualTo(200);
    UsageReport report = new JsonCodec().read(answer.body(), UsageReport.class);
    assertThat(report.total().cost()).containsExactly(usd("1"));
    assertThat(report.groups()).singleElement().satisfies(group -> {
      assertThat(group.user()).isEqualTo("<b>&");
      assertThat(group.startMillis())
          .isEqualTo(Instant.parse("2026-11-01T00:00:00Z").toEpochMilli());
    });
  }

  @Test
  void everyQuestionHasAnAnswer() throws Exception {
    UsageServer server = serve(HttpSettings.LOCAL, usage);

    assertThat(get(server, "api/v1/summary").body()).contains("\"chat.usage-dlt\":2");
    assertThat(get(server, "api/v1/latency?" + NOVEMBER).body()).contains("\"answers\":2");
    assertThat(get(server, "api/v1/requests?user=ada").body()).contains("\"amount\":\"0.000007\"");
    assertThat(get(server, "api/v1/usage.csv?" + NOVEMBER).headers().map())
        .containsEntry("content-disposition", List.of("attachment; filename=\"usage.csv\""));
    assertThat(get(server, "api/v1/focus.csv?" + NOVEMBER).body()).startsWith("BillingAccountId,");
  }

  @Test
  void tableIsCutOffWhereThatIsAskedForAlone() throws Exception {
    PricedUsage[] many = IntStream.range(0, 1_001)
        .mapToObj(i -> new PricedUsage(event(i, "user-" + i, "breeze", NOON, 1, 0, 1), usd("1")))
        .toArray(PricedUsage[]::new);
    UsageServer server = serve(HttpSettings.LOCAL, new InMemoryUsage(many));

    assertThat(get(server, "api/v1/usage.csv?" + NOVEMBER).body().lines()).hasSize(1 + 1_001);
    assertThat(get(server, "api/v1/usage.csv?limit=7&" + NOVEMBER).body().lines())
        .hasSize(1 + 7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "usage?window=minute | window",
        "usage?from=yesterday | from",
        "usage?from=2026-11-02&to=2026-11-01 | from",
        "usage?window=hour&from=2020-01-01 | from",
        "usage?to=1970-01-01 | to",
        "usage?limit=0 | limit",
        "usage?limit=many | limit",
        "usage?usr=ada | usr",
        "usage?user=a&user=b | user",
        "usage?group_by=colour | group_by",
        "requests | user"
      })
  void questionAtFaultNamesItsParameter(String question, String parameter) throws Exception {
    HttpResponse<String> answer = get(serve(HttpSettings.LOCAL, usage), "api/v1/" + question);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"param\":\"" + parameter + "\"");
  }

  @Test
  void totalsThatAreNotThereYetAreAskedForAgain() throws Exception {
    UsageServer server = serve(HttpSettings.LOCAL, new Restoring());

    HttpResponse<String> answer = get(server, "api/v1/summary");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("2");
    assertThat(answer.body()).contains("asked in a test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dashboard.js",
        "format.js",
        "dashboard.css",
        "uplot.js",
        "uplot.css",
        "openapi.json"
      })
  void pageComesFromHereAndMayAskNobodyElse(String path) throws Exception {
    HttpResponse<String> answer = get(serve(HttpSettings.LOCAL, usage), path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isNotEmpty();
    assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
        .startsWith("default-src 'none'")
        .doesNotContain("unsafe");
  }

  @Test
  void unknownPathIsNotFound() throws Exception {
    assertRefused(get(serve(HttpSettings.LOCAL, usage), "api/v1/secrets"), 404, "not_found");
  }

  @Test
  void anotherMethodIsRefusedAndItsBodyEndsTheConnection() throws Exception {
    HttpRequest post = HttpRequest.newBuilder(
            serve(HttpSettings.LOCAL, usage).address().resolve("api/v1/summary"))
        .POST(HttpRequest.BodyPublishers.ofString("not read"))
        .build();
    HttpResponse<String> refused = client.send(post, HttpResponse.BodyHandlers.ofString());

    assertRefused(refused, 405, "invalid_value");
    assertThat(refused.headers().firstValue("connection")).hasValue("close");
  }

  @Test
  void faultOfOurOwnIsNoOutage() throws Exception {
    UsageServer opened = UsageServer.open(HttpSettings.LOCAL);
    server = opened;
    opened.serve(
        usage,
        new UsageReports(usage, () -> {
          throw new IllegalStateException("thrown in a test");
        }),
        counted::get);

    assertRefused(get(opened, "api/v1/summary"), 500, "server_error");
  }

  @Test
  void readerOfUpdatesTooManyIsToldSo() throws Exception {
    UsageServer server = serve(HttpSettings.LOCAL, usage);
    HttpRequest updates =
        HttpRequest.newBuilder(server.address().resolve("api/v1/updates")).build();
    List<InputStream> readers = new ArrayList<>();
    try {
      for (int i = 0; i < 256; i++) {
        readers.add(
            client.send(updates, HttpResponse.BodyHandlers.ofInputStream()).body());
      }
      assertRefused(
          client.send(updates, HttpResponse.BodyHandlers.ofString()), 503, "service_unavailable");
    } finally {
      for (InputStream reader : readers) {
        reader.close();
      }
    }
  }

  @Test
  void connectionsBeyondTheLimitWait() throws Exception {
    URI address = serve(UsageServer.open(HttpSettings.LOCAL, 4), usage).address();
    List<Socket> sockets = new ArrayList<>();
    try {
      // Some more: the limit is looked at when one has been accepted.
      for (int i = 0; i < 4 + 16; i++) {
        sockets.add(new Socket(address.getHost(), address.getPort()));
      }
      Socket last = sockets.get(sockets.size() - 1);
      last.getOutputStream()
          .write("GET /format.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      last.setSoTimeout(300);
      assertThatThrownBy(() -> last.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      for (Socket socket : sockets.subList(0, 19)) {
        socket.close();
      }
      last.setSoTimeout(20_000);
      assertThat(last.getInputStream().read()).isEqualTo('H');
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void nobodyIsAnsweredWithoutTheToken() throws Exception {
    UsageServer server = serve(new HttpSettings("127.0.0.1", 0, "s3cret", null), usage);

    assertThat(get(server, "").statusCode()).isEqualTo(200);
    assertRefused(get(server, "api/v1/summary"), 401, "unauthorized");
    assertThat(get(server, "api/v1/updates").statusCode()).isEqualTo(401);
    assertThat(get(server, "internal/v1/totals").statusCode()).isEqualTo(401);
    HttpRequest authorized = HttpRequest.newBuilder(server.address().resolve("api/v1/summary"))
        .header("Authorization", "Bearer s3cret")
        .build();
    assertThat(client.send(authorized, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void addressOfOthersWantsAToken() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HttpSettings("0.0.0.0", 0, null, null))
        .withMessage(
            "expected a token where others can listen, found none for the address 0.0.0.0");
    assertThat(new HttpSettings("0.0.0.0", 0, "s3cret", null).toString()).doesNotContain("s3cret");
  }

  @Test
  void nameThatAnotherSiteLedHereIsRefused() throws Exception {
    URI address = serve(HttpSettings.LOCAL, usage).address();

    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write("GET /api/v1/summary HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 421 ")
          .contains("\"code\":\"misdirected_request\"");
    }
  }

  @Test
  void otherInstanceHearsWhatThisOneKnows() {
    UsageServer server = serve(HttpSettings.LOCAL, usage);
    UsageSource peer = server.peer(server.self());
    UsageQuestion november = new UsageQuestion(
        WindowSize.DAY,
        Instant.parse("2026-11-01T00:00:00Z").toEpochMilli(),
        Instant.parse("2026-12-01T00:00:00Z").toEpochMilli(),
        null,
        null);

    assertThat(peer.totals(november)).isEqualTo(usage.totals(november));
    assertThat(peer.latency(november)).isEqualTo(usage.latency(november));
    assertThat(peer.requests(new RequestsQuestion("ada", 5)))
        .containsExactly(usage.used().get(0));
  }

  @Test
  void instanceThatDoesNotAnswerMakesTheWholeUnavailable() {
    UsageServer server = serve(HttpSettings.LOCAL, new Restoring());

    assertThatThrownBy(() -> server.peer(server.self()).requests(new RequestsQuestion("ada", 5)))
        .isInstanceOf(UsageUnavailableException.class)
        .hasMessageContaining("answered with status 503");
  }

  @Test
  void questionsThatWaitForOthersLeaveRoomToAnswerThese() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    UsageServer opened = UsageServer.open(HttpSettings.LOCAL);
    server = opened;
    opened.serve(
        usage,
        new UsageReports(usage, () -> {
          try {
            slow.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Map.of();
        }),
        counted::get);
    HttpRequest summary =
        HttpRequest.newBuilder(opened.address().resolve("api/v1/summary")).build();
    List<CompletableFuture<HttpResponse<String>>> asked = Stream.generate(
            () -> client.sendAsync(summary, HttpResponse.BodyHandlers.ofString()))
        .limit(140)
        .toList();
    try {
      // The last ones have no room; while all others wait, another instance is answered.
      HttpResponse<?> refused =
          (HttpResponse<?>) CompletableFuture.anyOf(asked.toArray(CompletableFuture[]::new))
              .get(20, TimeUnit.SECONDS);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).hasValue("2");
      assertThat(opened.peer(opened.self()).requests(new RequestsQuestion("ada", 5)))
          .hasSize(1);
    } finally {
      slow.countDown();
    }
    assertThat(asked)
        .extracting(answer -> answer.get(20, TimeUnit.SECONDS).statusCode())
        .containsOnly(200, 503);
  }

  @Test
  void readersHearThatTotalsChanged() throws Exception {
    UsageServer server = serve(HttpSettings.LOCAL, usage);
    HttpRequest request = HttpRequest.newBuilder(server.address().resolve("api/v1/updates"))
        .timeout(Duration.ofSeconds(20))
        .build();
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(
        client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body(),
        StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).startsWith("retry:");
      counted.set(41);
      Stream<String> data = lines.lines().filter(line -> line.startsWith("data:"));
      assertThat(data.anyMatch(line -> line.equals("data: {\"counted\":41}"))).isTrue();
    }
  }

  private UsageServer serve(HttpSettings settings, UsageSource source) {
    return serve(UsageServer.open(settings), source);
  }

  private UsageServer serve(UsageServer opened, UsageSource source) {
    server = opened;
    opened.serve(
        source, new UsageReports(source, () -> Map.of("chat.usage-dlt", 2L)), counted::get);
    return opened;
  }

  private HttpResponse<String> get(UsageServer server, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.address().resolve(path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String code)
      throws Exception {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    ErrorBody.Detail error =
        new JsonCodec().read(answer.body(), ErrorBody.class).error();
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.message()).isNotEmpty();
  }

  /** Knows nothing yet. */
  private static final class Restoring implements UsageSource {
    @Override
    public List<WindowTotals> totals(UsageQuestion question) {
      throw new UsageUnavailableException("asked in a test");
    }

    @Override
    public List<LatencyCount> latency(UsageQuestion question) {
      throw new UsageUnavailableException("asked in a test");
    }

    @Override
    public List<PricedUsage> requests(RequestsQuestion question) {
      throw new UsageUnavailableException("asked in a test");
    }

    @Override
    public Reconciliation reconciliation(TimeQuestion question) {
      throw new UsageUnavailableException("not yet");
    }
  }
}
