package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Headers;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRecordsTest {
  private static final ReplyAddress ADDRESS = ReplyAddress.singleUse("chat.replies.test.7");

  private final JsonCodec codec = new JsonCodec();
  private final RequestRecords records = new RequestRecords(codec);

  private static ChatRequest.Builder request() {
    return ChatRequest.builder().message(ChatMessage.user("hello"));
  }

  @Test
  void valueIsTheRequestAsItIs() throws Exception {
    ChatRequest request = request().temperature(0.5).extra("logit_bias", null).build();

    ProducerRecord<byte[], byte[]> sent = of(request, SubmitOptions.none());

    assertThat(sent.topic()).isEqualTo("chat.requests.echo");
    assertThat(codec.read(sent.value(), ChatRequest.class)).isEqualTo(request);
  }

  @Test
  void keyIsThePromptCacheKeyElseTheUserElseTheRequestId() {
    ChatRequest everything =
        request().user("ann").extra("prompt_cache_key", "chat-9").build();
    ChatRequest user = request().user("ann").build();
    SubmitOptions given = SubmitOptions.builder().user("bob").recordKey("k").build();
    SubmitOptions payer = SubmitOptions.builder().user("bob").build();

    assertThat(key(everything, given)).isEqualTo("k");
    assertThat(key(everything, payer)).isEqualTo("chat-9");
    assertThat(key(user, payer)).isEqualTo("bob");
    assertThat(key(user, SubmitOptions.none())).isEqualTo("ann");
    assertThat(key(request().build(), SubmitOptions.none())).isEqualTo("id-1");
  }

  @Test
  void cacheKeyThatIsNoTextIsNoKey() {
    ChatRequest request = request().extra("prompt_cache_key", 5).build();

    assertThat(key(request, SubmitOptions.none())).isEqualTo("id-1");
  }

  @Test
  void headersSayWhereTheAnswerIsWanted() {
    ProducerRecord<byte[], byte[]> sent = of(request().user("ann").build(), SubmitOptions.none());

    assertThat(header(sent, Headers.REPLY_TOPIC)).isEqualTo("chat.replies.test.7");
    assertThat(header(sent, Headers.REPLY_OFFSET)).isEqualTo("0");
    assertThat(header(sent, Headers.REPLY_PARTITION)).isNull();
    assertThat(header(sent, Headers.REQUEST_ID)).isEqualTo("id-1");
    assertThat(header(sent, Headers.USER)).isEqualTo("ann");
    assertThat(header(sent, Headers.CORRELATION_ID)).isNull();
  }

  @Test
  void headersSayHowLongTheRequesterWaits() {
    SubmitOptions hurried = SubmitOptions.builder()
        .deadline(Instant.ofEpochMilli(1_754_000_000_123L))
        .progress(false)
        .build();

    assertThat(header(of(request().build(), hurried), Headers.DEADLINE_MS))
        .isEqualTo("1754000000123");
    assertThat(header(of(request().build(), hurried), Headers.PROGRESS)).isEqualTo("false");
    assertThat(header(of(request().build(), SubmitOptions.none()), Headers.DEADLINE_MS))
        .isNull();
    assertThat(header(of(request().build(), SubmitOptions.none()), Headers.PROGRESS))
        .isNull();
  }

  @Test
  void deadlineThatNoWorkerTakesIsRefused() {
    SubmitOptions.Builder options = SubmitOptions.builder();

    assertThatThrownBy(() -> options.deadline(Instant.ofEpochMilli(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected a deadline from 1970 on");
    assertThatThrownBy(() -> options.deadline(Instant.MAX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected a deadline that can be said in milliseconds");
  }

  @Test
  void partitionOtherThanTheFirstIsFourBytes() {
    ReplyAddress shared = new ReplyAddress(new TopicPartition("chat.replies.shared", 258), 41);

    ProducerRecord<byte[], byte[]> sent =
        records.of(route(request().build()), SubmitOptions.none(), "id-1");
    RequestRecords.direct(sent, shared);

    assertThat(sent.headers().lastHeader(Headers.REPLY_PARTITION).value())
        .containsExactly(0, 0, 1, 2);
    assertThat(header(sent, Headers.REPLY_OFFSET)).isEqualTo("41");
  }

  @Test
  void optionsAddHeaders() {
    byte[] correlation = {(byte) 0xff, 0};
    SubmitOptions options = SubmitOptions.builder()
        .correlationId(correlation)
        .header(Headers.TRACEPARENT, "00-1-2-01")
        .build();
    correlation[1] = 9;

    ProducerRecord<byte[], byte[]> sent = of(request().build(), options);

    assertThat(sent.headers().lastHeader(Headers.CORRELATION_ID).value()).containsExactly(0xff, 0);
    assertThat(header(sent, Headers.TRACEPARENT)).isEqualTo("00-1-2-01");
  }

  @ParameterizedTest
  @ValueSource(strings = {Headers.REPLY_TOPIC, Headers.REQUEST_ID, Headers.USER})
  void headersOfTheProtocolCannotBeSetByHand(String name) {
    assertThatThrownBy(() -> SubmitOptions.builder().header(name, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  @Test
  void headerWithoutValueIsRefusedWhereItIsSet() {
    assertThatThrownBy(() -> setHeaderToNull(SubmitOptions.builder()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("tracestate");
  }

  @SuppressWarnings("NullAway") // Callers need not be checked for null.
  private static void setHeaderToNull(SubmitOptions.Builder options) {
    options.header(Headers.TRACESTATE, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "half a pair \uD83C"})
  void requestIdThatNoWorkerAnswersUnderIsRefused(String id) {
    assertThatThrownBy(() -> SubmitOptions.builder().requestId(id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected a request id of 1 to 200 bytes in UTF-8, found");
  }

  @Test
  void requestIdIsLimitedInBytes() {
    assertThat(SubmitOptions.builder().requestId("ü".repeat(100)).build().requestId())
        .hasSize(100);
    assertThatThrownBy(() -> SubmitOptions.builder().requestId("ü".repeat(101)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("found one of 202");
    assertThat(SubmitOptions.builder().requestId(null).build().requestId()).isNull();
  }

  private ProducerRecord<byte[], byte[]> of(ChatRequest request, SubmitOptions options) {
    ProducerRecord<byte[], byte[]> kafkaRecord = records.of(route(request), options, "id-1");
    RequestRecords.direct(kafkaRecord, ADDRESS);
    return kafkaRecord;
  }

  private static RequestRouter.Route route(ChatRequest request) {
    return new RequestRouter.Route("chat.requests.echo", request);
  }

  private String key(ChatRequest request, SubmitOptions options) {
    return new String(of(request, options).key(), UTF_8);
  }

  private static @Nullable String header(ProducerRecord<byte[], byte[]> sent, String name) {
    Header header = sent.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }
}
