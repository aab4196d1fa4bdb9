package io.sirocco.worker.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.reply.AnswerTotals;
import io.sirocco.worker.sampling.SampledToken;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestTracesTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";

  private final List<SpanData> spans = new ArrayList<>();
  private final SdkTracerProvider provider = SdkTracerProvider.builder()
      .addSpanProcessor(SimpleSpanProcessor.create(new Exporter()))
      .build();
  private long nowMillis = 1_000;
  private final RequestTraces traces = new RequestTraces(
      provider.get("test"), "demo", () -> TimeUnit.MILLISECONDS.toNanos(nowMillis));

  @Test
  void theWayOfARequestIsOneSpanWithOneForEachPart() {
    ConsumerRecord<String, byte[]> request = request("00-" + TRACE + "-" + PARENT + "-01");
    answer(request);

    Map<String, SpanData> byName =
        spans.stream().collect(Collectors.toMap(SpanData::getName, span -> span));
    assertThat(byName.keySet())
        .containsExactlyInAnyOrder("chat demo", "queue", "prefill", "decode", "publish", "close");
    SpanData whole = Optional.ofNullable(byName.remove("chat demo")).orElseThrow();
    assertThat(whole.getTraceId()).isEqualTo(TRACE);
    assertThat(whole.getParentSpanId()).isEqualTo(PARENT);
    assertThat(millis(whole)).isEqualTo(1 + 2 + 3 + 4 + 5);
    assertThat(byName.values())
        .allMatch(part -> part.getParentSpanId().equals(whole.getSpanId()))
        .allMatch(part -> part.getTraceId().equals(TRACE));
    assertThat(byName.values().stream()
            .collect(Collectors.toMap(SpanData::getName, RequestTracesTest::millis)))
        .isEqualTo(Map.of("queue", 1L, "prefill", 2L, "decode", 3L, "publish", 4L, "close", 5L));
  }

  @Test
  void aSpanSaysWhatWasUsedAndNeitherWhoNorWhat() {
    answer(request("00-" + TRACE + "-" + PARENT + "-01"));

    SpanData whole = spans.get(spans.size() - 1);
    assertThat(whole.getAttributes().get(AttributeKey.longKey("gen_ai.usage.output_tokens")))
        .isEqualTo(7);
    assertThat(whole.getAttributes().get(AttributeKey.stringKey("sirocco.request.id")))
        .isEqualTo("r-1");
    assertThat(spans.toString()).doesNotContain("alice", "the prompt");
  }

  @Test
  void whatItsSenderDoesNotTraceIsNotTraced() {
    answer(request("00-" + TRACE + "-" + PARENT + "-00"));

    assertThat(spans).isEmpty();
  }

  @Test
  void aRequestWithoutAContextHasATraceOfItsOwn() {
    answer(request(null));

    assertThat(spans).hasSize(6).extracting(SpanData::getTraceId).doesNotContain(TRACE);
  }

  @Test
  void aRefusedRequestWasInNoEngine() {
    ConsumerRecord<String, byte[]> request = request(null);
    traces.closed(request, 0, AnswerTotals.ofNothing("invalid_value"), false);
    traces.committed(request);

    assertThat(spans).extracting(SpanData::getName).containsExactly("close", "chat demo");
    assertThat(spans.get(1).getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo("invalid_value");
  }

  @Test
  void whatWasLetGoOfIsToldByWhoeverGoesOnWithIt() {
    ConsumerRecord<String, byte[]> request = request(null);
    traces.follow(request, 0, new Deaf()).admitted(0);
    traces.committed(request);

    assertThat(spans).isEmpty();
  }

  @Test
  void outcomeFromALogThatIsNoneOfOursIsAFailureAndNoAttribute() {
    ConsumerRecord<String, byte[]> request = request(null);
    traces.closed(request, 10, AnswerTotals.ofNothing("alice@example.org"), false);
    traces.committed(request);

    SpanData whole = spans.stream()
        .filter(span -> span.getName().startsWith("chat "))
        .findFirst()
        .orElseThrow();
    assertThat(whole.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(whole.getAttributes().get(AttributeKey.stringKey("error.type"))).isEqualTo("_OTHER");
    assertThat(whole.getAttributes().toString()).doesNotContain("example.org");
  }

  private void answer(ConsumerRecord<String, byte[]> request) {
    GenerationListener generation = traces.follow(request, 0, new Deaf());
    nowMillis += 1;
    generation.admitted(0);
    nowMillis += 2;
    generation.generated(new SampledToken(7, null));
    nowMillis += 3;
    generation.generated(new SampledToken(8, null));
    generation.finished(GenerationEnd.END_TOKEN);
    nowMillis += 4;
    traces.closed(request, 10, new AnswerTotals(5, 0, 7, "stop"), false);
    nowMillis += 5;
    traces.committed(request);
  }

  private static ConsumerRecord<String, byte[]> request(@Nullable String traceparent) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("x-request-id", "r-1".getBytes(UTF_8));
    headers.add("x-user", "alice".getBytes(UTF_8));
    if (traceparent != null) {
      headers.add("traceparent", traceparent.getBytes(UTF_8));
    }
    return new ConsumerRecord<>(
        "chat.requests.demo",
        0,
        42,
        1_000,
        TimestampType.CREATE_TIME,
        0,
        0,
        "alice",
        "the prompt".getBytes(UTF_8),
        headers,
        Optional.empty());
  }

  private static long millis(SpanData span) {
    return TimeUnit.NANOSECONDS.toMillis(span.getEndEpochNanos() - span.getStartEpochNanos());
  }

  private static final class Deaf implements GenerationListener {
    @Override
    public void admitted(int cachedTokens) {}

    @Override
    public boolean generated(SampledToken token) {
      return true;
    }

    @Override
    public void finished(GenerationEnd end) {}

    @Override
    public void failed(String message) {}
  }

  private final class Exporter implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> ended) {
      spans.addAll(ended);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
