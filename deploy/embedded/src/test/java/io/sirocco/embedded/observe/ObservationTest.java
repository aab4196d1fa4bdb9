package io.sirocco.embedded.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.sirocco.embedded.role.Role;
import io.sirocco.embedded.role.RunningRole;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObservationTest {
  private final Observation observation =
      Observation.open("worker", "1.2", ObservationSettings.local(0), TracingSettings.OFF);
  private final Health health = observation.health();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    observation.close();
  }

  @Test
  void aProcessIsAliveAndNotReadyWhileItStarts() {
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(get("/health/ready").body()).isEqualTo("starting\n");
    assertThat(get("/health/startup").statusCode()).isEqualTo(503);
    assertThat(get("/metrics").body()).contains("sirocco_ready{role=\"worker\"} 0.0\n");
  }

  @Test
  void aProcessIsReadyWhenItHasStarted() {
    health.started();

    assertThat(get("/health/startup").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").body()).isEqualTo("ok\n");
    assertThat(get("/metrics").body()).contains("sirocco_ready{role=\"worker\"} 1.0\n");
  }

  @Test
  void everyReasonNotToBeReadyIsALine() {
    health.started();
    health.readyUnless(() -> Optional.of("one"));
    health.readyUnless(Optional::empty);
    health.readyUnless(() -> Optional.of("two"));

    assertThat(get("/health/ready").body()).isEqualTo("one\ntwo\n");
    assertThat(get("/health/startup").statusCode()).isEqualTo(200);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void aProcessOfNoUseIsNotAlive() {
    health.liveUnless(() -> Optional.of("stuck"));

    assertThat(get("/health/live").statusCode()).isEqualTo(503);
    assertThat(get("/health/live").body()).isEqualTo("stuck\n");
  }

  @Test
  void aRoleIsReadyFromItsStartToItsDrain() throws Exception {
    StartingRole role = new StartingRole(this);
    RunningRole running = new ObservedRole(role, health).start(fault -> {});

    assertThat(role.readyInStart).isEqualTo(503);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    running.drain();
    assertThat(role.readyInDrain).isEqualTo("draining\n");
  }

  @Test
  void metricsAreInPrometheusFormWithTheBucketsOfThePage() {
    Timer.builder("sirocco.time.to.first.token")
        .register(observation.registry())
        .record(Duration.ofMillis(30));
    HttpResponse<String> page = get("/metrics");

    assertThat(page.headers().firstValue("content-type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(page.body())
        .contains(
            "# TYPE sirocco_time_to_first_token_seconds histogram\n",
            "sirocco_time_to_first_token_seconds_bucket{le=\"0.02\"} 0\n",
            "sirocco_time_to_first_token_seconds_bucket{le=\"0.04\"} 1\n",
            "sirocco_time_to_first_token_seconds_bucket{le=\"2560.0\"} 1\n",
            "sirocco_build_info{version=\"1.2\"} 1",
            "jvm_memory_used_bytes{");
  }

  @Test
  void whatKafkaSaysOfReplyTopicsIsNotExported() {
    for (String topic : new String[] {"chat.replies.alice.3", "chat_replies_alice_3"}) {
      sent(topic);
    }
    sent("chat.requests.demo");

    assertThat(get("/metrics").body()).doesNotContain("alice").contains("chat.requests.demo");
  }

  private void sent(String topic) {
    Counter.builder("kafka.producer.topic.record.send")
        .tag("topic", topic)
        .register(observation.registry());
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
    HttpRequest post = HttpRequest.newBuilder(uri("/metrics"))
        .POST(HttpRequest.BodyPublishers.ofString("not read"))
        .build();
    HttpResponse<String> refused = client.send(post, BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.headers().firstValue("Connection")).contains("close");
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    int taken = observation.address().getPort();

    assertThatThrownBy(() -> Observation.open(
            "worker", "1.2", ObservationSettings.local(taken), TracingSettings.OFF))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("expected a free port at 127.0.0.1:" + taken);
  }

  @Test
  void nothingIsLeftOfOneThatCannotBeOpened() {
    TracingSettings traced = new TracingSettings(Optional.of("http://127.0.0.1:1/v1/traces"), 100);
    Set<Thread> before = tracers();

    assertThatThrownBy(
            () -> Observation.open("worker", "1.2", ObservationSettings.local(70_000), traced))
        .isInstanceOf(IllegalArgumentException.class);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(before).containsAll(tracers()));
  }

  private static Set<Thread> tracers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("BatchSpanProcessor"))
        .collect(Collectors.toSet());
  }

  private HttpResponse<String> get(String path) {
    try {
      return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    } catch (java.io.IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private URI uri(String path) {
    return observation.address().resolve(path);
  }

  /** Looks at the health while it starts and while it drains. */
  private static final class StartingRole implements Role, RunningRole {
    private final ObservationTest test;
    private int readyInStart;
    private String readyInDrain = "";

    StartingRole(ObservationTest test) {
      this.test = test;
    }

    @Override
    public String name() {
      return "test";
    }

    @Override
    public RunningRole start(Consumer<Throwable> onFatal) {
      readyInStart = test.get("/health/ready").statusCode();
      return this;
    }

    @Override
    public void drain() {
      readyInDrain = test.get("/health/ready").body();
    }

    @Override
    public void abort() {}

    @Override
    public Duration drainLimit() {
      return Duration.ZERO;
    }
  }
}
