package io.sirocco.worker.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.reply.AnswerTotals;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RequestMetricsTest {
  private static final ConsumerRecord<String, byte[]> REQUEST =
      new ConsumerRecord<>("chat.requests.demo", 0, 0, "conversation", new byte[0]);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RequestMetrics metrics = new RequestMetrics(
      registry, Tags.of("engine", "0"), Tags.empty(), () -> Instant.ofEpochMilli(5_000), () -> 0);

  @Test
  void anAnswerCountsByTheReasonOfItsEnd() {
    metrics.closed(REQUEST, 250, new AnswerTotals(9, 4, 21, "length"), false);

    assertThat(count("sirocco.request.success", "finished_reason", "length")).isOne();
    assertThat(count("sirocco.request.success", "finished_reason", "stop")).isZero();
    assertThat(registry.get("sirocco.request.prompt.tokens").summary().totalAmount())
        .isEqualTo(9);
    assertThat(registry.get("sirocco.request.generation.tokens").summary().totalAmount())
        .isEqualTo(21);
    assertThat(registry.get("sirocco.e2e.request.latency").timer().count()).isOne();
    assertThat(metrics.closedRequests()).isOne();
  }

  @Test
  void anErrorCountsByItsCode() {
    metrics.closed(REQUEST, 1, AnswerTotals.ofNothing("invalid_value"), false);

    assertThat(count("sirocco.request.failure", "error_type", "invalid_value")).isOne();
    assertThat(count("sirocco.dead.letters", "error_type", "invalid_value")).isZero();
  }

  @Test
  void aDeadLetterCountsByTheCodeOfItsReason() {
    metrics.closed(REQUEST, 1, AnswerTotals.ofNothing("reply_topic_not_allowed"), true);

    assertThat(count("sirocco.dead.letters", "error_type", "reply_topic_not_allowed"))
        .isOne();
  }

  @Test
  void aCodeFromALogThatIsNoneOfOursIsNoLabel() {
    metrics.closed(REQUEST, 1, AnswerTotals.ofNothing("alice@example.org"), true);

    assertThat(count("sirocco.request.failure", "error_type", "_OTHER")).isOne();
    assertThat(registry.getMeters()).noneMatch(meter -> meter.getId().toString().contains("alice"));
  }

  private double count(String name, String key, String value) {
    return registry.get(name).tag(key, value).counter().count();
  }
}
