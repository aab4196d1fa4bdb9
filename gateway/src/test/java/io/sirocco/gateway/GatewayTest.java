package io.sirocco.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ReplyTopicMode;
import io.sirocco.gateway.settings.GatewaySettings;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose brokers are away. */
@Timeout(60)
class GatewayTest {
  private static final String NOBODY = "127.0.0.1:1";
  private static final String PASSWORD = "secret";
  private static final int MOST_WAITING = 64;
  private static final String OVERLOADED = "\"code\":\"server_is_overloaded\"";

  @TempDir
  private Path folder = Path.of("");

  private static GatewaySettings settings(String host, @Nullable Path keyStore) {
    return new GatewaySettings(
        NOBODY,
        Map.of(),
        host,
        0,
        null,
        null,
        keyStore,
        PASSWORD,
        ReplyTopicMode.SHARED,
        Duration.ofHours(1),
        GatewaySettings.Limits.DEFAULT);
  }

  private static int status(HttpClient client, URI uri) throws Exception {
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void livesAndIsNotReady() throws Exception {
    try (Gateway gateway = Gateway.start(settings("127.0.0.1", null), new SimpleMeterRegistry())) {
      HttpClient client = HttpClient.newHttpClient();

      assertThat(gateway.address().getPath()).isEqualTo("/v1");
      assertThat(status(client, gateway.address().resolve("/health"))).isEqualTo(200);
      assertThat(status(client, gateway.address().resolve("/ready"))).isEqualTo(503);
    }
  }

  @Test
  void onlySoManyWaitForBrokersAndTheNextAreRefusedAtOnce() throws Exception {
    try (Gateway gateway = Gateway.start(settings("127.0.0.1", null), new SimpleMeterRegistry())) {
      HttpClient client =
          HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      HttpRequest models = request(gateway, "models").build();
      List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
      for (int i = 0; i <= MOST_WAITING; i++) {
        asked.add(client.sendAsync(models, HttpResponse.BodyHandlers.ofString()));
      }
      // The others wait for brokers that are away.
      CompletableFuture.anyOf(asked.toArray(CompletableFuture[]::new)).join();
      List<HttpRequest> others = List.of(
          request(gateway, "models/demo").build(),
          request(gateway, "/info").build(),
          request(gateway, "chat/completions/chatcmpl-1").build(),
          request(gateway, "chat/completions/chatcmpl-1/cancel")
              .POST(HttpRequest.BodyPublishers.noBody())
              .build(),
          request(gateway, "chat/completions")
              .POST(HttpRequest.BodyPublishers.ofString(
                  "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}"))
              .build());

      for (HttpRequest other : others) {
        HttpResponse<String> refused = client.send(other, HttpResponse.BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).as(other.toString()).contains(OVERLOADED);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      }
      assertThat(asked)
          .filteredOn(answer -> answer.join().body().contains(OVERLOADED))
          .hasSize(1);
    }
  }

  private static HttpRequest.Builder request(Gateway gateway, String path) {
    URI uri = path.startsWith("/")
        ? gateway.address().resolve(path)
        : URI.create(gateway.address() + "/" + path);
    return HttpRequest.newBuilder(uri);
  }

  @Test
  void withoutKeysNobodyElseMayAsk() {
    assertThatThrownBy(() -> settings("0.0.0.0", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected API keys");
  }

  @Test
  void certificateMakesItHttps() throws Exception {
    Path file = folder.resolve("keys.p12");
    Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "gateway",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=ip:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-keystore",
            file.toString(),
            "-storepass",
            PASSWORD)
        .inheritIO()
        .start();
    assertThat(keytool.waitFor()).isZero();
    try (Gateway gateway = Gateway.start(settings("127.0.0.1", file), new SimpleMeterRegistry())) {
      HttpClient client = HttpClient.newBuilder().sslContext(trusting(file)).build();

      assertThat(gateway.address().getScheme()).isEqualTo("https");
      assertThat(status(client, gateway.address().resolve("/health"))).isEqualTo(200);
    }
  }

  private static SSLContext trusting(Path file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("gateway", store.getCertificate("gateway"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
