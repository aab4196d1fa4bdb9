package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Headers;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Kafka record of a request.
 *
 * <p>Immutable and thread-safe.
 */
record RequestRecords(JsonCodec codec) {
  private static final String PROMPT_CACHE_KEY = "prompt_cache_key";

  /**
   * Returns the record of the request, but for where the answer is wanted.
   *
   * @throws IllegalArgumentException when an extra field cannot be written as JSON
   */
  ProducerRecord<byte[], byte[]> of(
      RequestRouter.Route route, SubmitOptions options, String requestId) {
    ChatRequest request = route.request();
    String user = user(request, options);
    ProducerRecord<byte[], byte[]> kafkaRecord = new ProducerRecord<>(
        route.topic(), bytes(key(request, options, user, requestId)), codec.writeBytes(request));
    org.apache.kafka.common.header.Headers headers = kafkaRecord.headers();
    headers.add(Headers.REQUEST_ID, bytes(requestId));
    if (user != null) {
      headers.add(Headers.USER, bytes(user));
    }
    byte[] correlationId = options.correlationId();
    if (correlationId != null) {
      headers.add(Headers.CORRELATION_ID, correlationId);
    }
    Instant deadline = options.deadline();
    if (deadline != null) {
      headers.add(Headers.DEADLINE_MS, bytes(Long.toString(deadline.toEpochMilli())));
    }
    if (!options.progress()) {
      headers.add(Headers.PROGRESS, bytes("false"));
    }
    options.headers().forEach((name, value) -> headers.add(name, bytes(value)));
    return kafkaRecord;
  }

  /** Has the answer to the request of {@code kafkaRecord} written to {@code address}. */
  static void direct(ProducerRecord<byte[], byte[]> kafkaRecord, ReplyAddress address) {
    org.apache.kafka.common.header.Headers headers = kafkaRecord.headers();
    headers.add(Headers.REPLY_TOPIC, bytes(address.topic()));
    int partition = address.partition().partition();
    if (partition != 0) {
      headers.add(
          Headers.REPLY_PARTITION,
          ByteBuffer.allocate(Integer.BYTES).putInt(partition).array());
    }
    headers.add(Headers.REPLY_OFFSET, bytes(Long.toString(address.offset())));
  }

  /** Who pays, or null when nobody is named. */
  static @Nullable String user(ChatRequest request, SubmitOptions options) {
    return firstText(options.user(), request.user());
  }

  /** Requests that share a prompt or a user share a partition, so that a worker's cache serves them. */
  private static String key(
      ChatRequest request, SubmitOptions options, @Nullable String user, String requestId) {
    String cacheKey = request.extra().get(PROMPT_CACHE_KEY) instanceof String text ? text : null;
    String key = firstText(options.recordKey(), firstText(cacheKey, user));
    return key == null ? requestId : key;
  }

  private static @Nullable String firstText(@Nullable String first, @Nullable String second) {
    if (first != null && !first.isEmpty()) {
      return first;
    }
    return second == null || second.isEmpty() ? null : second;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
