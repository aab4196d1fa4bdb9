package io.sirocco.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestMeasureTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private long nanos = 1_000;
  private final GatewayMetrics metrics = new GatewayMetrics(registry, () -> nanos);
  private final RequestMeasure request = metrics.begin("POST", nanos);

  @Test
  void requestCountsByMethodRouteAndStatusAndItsTimeFromItsFirstByte() {
    request.route("/v1/chat/completions/{id}");
    nanos += TimeUnit.MILLISECONDS.toNanos(300);
    request.ended(200, true);

    Timer timer = registry
        .get("http.server.request.duration")
        .tag("http.request.method", "POST")
        .tag("http.route", "/v1/chat/completions/{id}")
        .tag("http.response.status_code", "200")
        .timer();
    assertThat(timer.count()).isOne();
    assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(300);
  }

  @Test
  void requestEndsOnce() {
    request.ended(200, true);
    request.ended(500, false);

    assertThat(registry.get("http.server.request.duration").timers()).hasSize(1);
  }

  @Test
  void methodThatSomebodyMadeUpIsNoLabel() {
    metrics.begin("ALICE", nanos).ended(405, true);
    metrics.begin(null, nanos).ended(400, true);

    assertThat(registry
            .get("http.server.request.duration")
            .tag("http.request.method", "_OTHER")
            .timers())
        .hasSize(2);
    assertThat(registry.getMeters()).noneMatch(meter -> meter.getId().toString().contains("ALICE"));
  }

  @Test
  void codeFromALogThatIsNoneOfOursIsNoLabel() {
    request.failed("alice@example.org");
    request.failed(null);
    request.failed("request_too_large");

    assertThat(errors("_OTHER")).isEqualTo(2);
    assertThat(errors("request_too_large")).isOne();
    assertThat(registry.getMeters()).noneMatch(meter -> meter.getId().toString().contains("alice"));
  }

  @Test
  void answerBecomesWhatIsToldFirst() {
    request.asks(true);
    request.becomes(Outcome.CLOSING);
    request.failed("service_unavailable");
    request.ended(200, true);

    assertThat(answers(true, "closing")).isOne();
    assertThat(answers(true, "error")).isZero();
    assertThat(answers(true, "complete")).isZero();
  }

  @Test
  void answerThatArrivedIsCompleteAndOneThatDidNotHasLostItsReader() {
    request.asks(false);
    request.ended(200, true);
    RequestMeasure broken = metrics.begin("POST", nanos);
    broken.asks(true);
    broken.ended(200, false);

    assertThat(answers(false, "complete")).isOne();
    assertThat(answers(true, "left")).isOne();
  }

  @Test
  void requestThatAsksForNoAnswerIsNone() {
    request.ended(200, true);

    assertThat(registry.get("sirocco.gateway.answers").counters())
        .hasSize(2 * Outcome.values().length)
        .allMatch(counter -> counter.count() == 0);
  }

  @Test
  void whatIsOpenIsShownUntilTheGatewayEnds() {
    metrics.show(() -> 3, () -> 2, () -> 1);

    assertThat(registry
            .get("sirocco.gateway.open.answers")
            .tag("stream", "true")
            .gauge()
            .value())
        .isEqualTo(3);
    assertThat(registry
            .get("sirocco.gateway.open.answers")
            .tag("stream", "false")
            .gauge()
            .value())
        .isEqualTo(2);
    assertThat(registry.get("sirocco.gateway.background.answers").gauge().value())
        .isOne();
    metrics.close();
    assertThat(registry.find("sirocco.gateway.open.answers").gauges()).isEmpty();
    assertThat(registry.find("sirocco.gateway.background.answers").gauges()).isEmpty();
  }

  private double errors(String type) {
    return registry
        .get("sirocco.gateway.errors")
        .tag("error_type", type)
        .counter()
        .count();
  }

  private double answers(boolean stream, String outcome) {
    return registry
        .get("sirocco.gateway.answers")
        .tags("stream", Boolean.toString(stream), "outcome", outcome)
        .counter()
        .count();
  }
}
