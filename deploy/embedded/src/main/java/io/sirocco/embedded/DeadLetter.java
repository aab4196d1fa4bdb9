package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.topic.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A request that could not be taken, as it stands in its dead-letter topic; a reader of Spring's
 * {@code kafka_dlt-*} headers, whoever wrote them.
 *
 * <p>Immutable.
 */
record DeadLetter(ConsumerRecord<byte[], byte[]> stored) {
  private static final String PREFIX = "kafka_dlt-";

  /** A deadline that was set for the first try has passed. */
  private static final String DEADLINE = "deadline-ms";

  /** Where it is, as {@code partition:offset}. */
  String place() {
    return stored.partition() + ":" + stored.offset();
  }

  /** Where it comes from, as topic, partition and offset; empty when nobody wrote it down. */
  String origin() {
    String topic = text(Headers.DLT_ORIGINAL_TOPIC);
    return topic.isEmpty()
        ? ""
        : topic + "/" + text(Headers.DLT_ORIGINAL_PARTITION) + "/"
            + text(Headers.DLT_ORIGINAL_OFFSET);
  }

  /** Why it was given up, or empty. */
  String reason() {
    return text(Headers.DLT_EXCEPTION_MESSAGE);
  }

  /**
   * Returns a header for people: text as text, an integer as a number, other bytes in hexadecimal
   * digits; empty when there is none.
   */
  String text(String name) {
    Header header = stored.headers().lastHeader(name);
    return header == null || header.value() == null ? "" : text(header);
  }

  static String text(Header header) {
    byte[] value = header.value();
    if (value == null) {
      return "";
    }
    return switch (header.key()) {
      case Headers.DLT_ORIGINAL_PARTITION, Headers.REPLY_PARTITION ->
        value.length == Integer.BYTES
            ? Integer.toString(ByteBuffer.wrap(value).getInt())
            : hex(value);
      case Headers.DLT_ORIGINAL_OFFSET, Headers.DLT_ORIGINAL_TIMESTAMP ->
        value.length == Long.BYTES ? Long.toString(ByteBuffer.wrap(value).getLong()) : hex(value);
      default -> textOrHex(value);
    };
  }

  private static String textOrHex(byte[] value) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException e) {
      return hex(value);
    }
  }

  private static String hex(byte[] value) {
    return "0x" + HexFormat.of().formatHex(value);
  }

  /**
   * Returns the request to be written once more, to the topic where it comes from: the same key,
   * value and headers, but for those of a dead letter and its deadline. It has a new id, as the answer
   * under the old one has ended.
   *
   * @param requestId its id
   * @param replyTopic where its answer is wanted; null: where it was wanted before
   * @throws IllegalArgumentException when nobody wrote down where it comes from, or what is kept is not
   *     enough of the request: it would be a dead letter again
   */
  ProducerRecord<byte[], byte[]> again(String requestId, @Nullable String replyTopic) {
    String topic = text(Headers.DLT_ORIGINAL_TOPIC);
    if (topic.isEmpty()) {
      throw new IllegalArgumentException(
          place() + ": expected the header " + Headers.DLT_ORIGINAL_TOPIC + ", found none");
    }
    if (stored.value() == null) {
      throw new IllegalArgumentException(place()
          + ": expected the request, found a letter without one; " + origin() + " is where it was");
    }
    if (replyTopic == null && stored.headers().lastHeader(Headers.REPLY_TOPIC) == null) {
      throw new IllegalArgumentException(place() + ": expected the header " + Headers.REPLY_TOPIC
          + ", found none; --reply-topic sets it");
    }
    ProducerRecord<byte[], byte[]> request =
        new ProducerRecord<>(topic, stored.key(), stored.value());
    for (Header header : stored.headers()) {
      if (!header.key().startsWith(PREFIX) && !header.key().equals(DEADLINE)) {
        request.headers().add(header);
      }
    }
    request.headers().remove(Headers.REQUEST_ID).add(Headers.REQUEST_ID, requestId.getBytes(UTF_8));
    if (replyTopic != null) {
      request.headers().remove(Headers.REPLY_PARTITION).remove(Headers.REPLY_OFFSET);
      request
          .headers()
          .remove(Headers.REPLY_TOPIC)
          .add(Headers.REPLY_TOPIC, replyTopic.getBytes(UTF_8));
    }
    return request;
  }
}
