package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.topic.Headers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A record of an answer, as a worker writes it.
 *
 * <p>Immutable.
 */
record WireReply(Map<String, String> headers, String value) {
  private static final JsonCodec CODEC = new JsonCodec();

  static WireReply start(String requestId, String writer, int attempt) {
    return of(requestId, ReplyEvent.START, writer, attempt, null, "");
  }

  static WireReply delta(String requestId, String writer, int attempt, long sequence, String text) {
    return of(requestId, ReplyEvent.DELTA, writer, attempt, sequence, CODEC.write(chunk(text)));
  }

  static WireReply end(String requestId, String writer, int attempt, long sequence) {
    ChatChunk last = new ChatChunk(
        "chat-1", ChatChunk.OBJECT, 1, "echo", List.of(), Usage.of(3, (int) sequence));
    return of(requestId, ReplyEvent.END, writer, attempt, sequence, CODEC.write(last));
  }

  static WireReply end(
      String requestId, String writer, int attempt, long sequence, Object completion) {
    return of(requestId, ReplyEvent.END, writer, attempt, sequence, CODEC.write(completion));
  }

  static WireReply error(String requestId, String writer, int attempt, long sequence) {
    ErrorBody body = ErrorBody.of(
        ErrorCode.INVALID_VALUE, "expected a temperature up to 2, found 3", "temperature", null);
    return of(requestId, ReplyEvent.ERROR, writer, attempt, sequence, CODEC.write(body));
  }

  static WireReply of(
      String requestId,
      ReplyEvent event,
      String writer,
      int attempt,
      @Nullable Long sequence,
      String value) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(Headers.REQUEST_ID, requestId);
    headers.put(Headers.EVENT, event.wireName());
    headers.put(Headers.WRITER, writer);
    headers.put(Headers.ATTEMPT, Integer.toString(attempt));
    if (sequence != null) {
      headers.put(Headers.SEQUENCE, Long.toString(sequence));
    }
    return new WireReply(headers, value);
  }

  static ChatChunk chunk(String text) {
    ChatChunk.Choice choice = new ChatChunk.Choice(
        0, new ChatChunk.Delta(null, text), text.endsWith(".") ? FinishReason.STOP : null);
    return new ChatChunk("chat-1", ChatChunk.OBJECT, 1, "echo", List.of(choice), null);
  }

  ConsumerRecord<byte[], byte[]> at(String topic, long offset) {
    return new ConsumerRecord<>(
        topic,
        0,
        offset,
        1_754_000_000_000L + offset,
        TimestampType.CREATE_TIME,
        0,
        value.length(),
        new byte[0],
        value.getBytes(UTF_8),
        kafkaHeaders(),
        Optional.empty());
  }

  ProducerRecord<byte[], byte[]> to(String topic) {
    return to(topic, 0);
  }

  ProducerRecord<byte[], byte[]> to(String topic, int partition) {
    return new ProducerRecord<>(
        topic, partition, null, new byte[0], value.getBytes(UTF_8), kafkaHeaders());
  }

  private RecordHeaders kafkaHeaders() {
    RecordHeaders kafkaHeaders = new RecordHeaders();
    headers.forEach((name, text) -> kafkaHeaders.add(name, text.getBytes(UTF_8)));
    return kafkaHeaders;
  }
}
