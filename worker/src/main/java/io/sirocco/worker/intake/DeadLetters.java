package io.sirocco.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.closing.DeadLetter;
import io.sirocco.worker.intake.InFlight.Reason;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes what is kept of requests that could not be answered: the record as it was, with headers that say where it came
 * from and why, under the names that Spring Kafka uses.
 *
 * <p>Thread-safe.
 */
public final class DeadLetters {
  private final String consumerGroup;
  private final DeadLetterLog log = new DeadLetterLog(System::nanoTime);

  /** Makes letters in the name of {@code consumerGroup}. */
  public DeadLetters(String consumerGroup) {
    this.consumerGroup = consumerGroup;
  }

  /** Returns the letter that keeps {@code request}. */
  DeadLetter of(ConsumerRecord<String, byte[]> request, Reason reason) {
    log.written(request, reason);
    return new DeadLetter(letter(request, reason), outline(request, reason));
  }

  /** With its new headers the letter may be larger than a record may be; then it says where to look. */
  private ProducerRecord<String, byte[]> outline(
      ConsumerRecord<String, byte[]> request, Reason reason) {
    String size = "; the request of %d bytes is too large to be kept here, see its original place"
        .formatted(request.serializedValueSize());
    ProducerRecord<String, byte[]> outline =
        new ProducerRecord<>(Topics.deadLetters(request.topic()), null);
    addOrigin(outline, request, reason, size);
    return outline;
  }

  private ProducerRecord<String, byte[]> letter(
      ConsumerRecord<String, byte[]> request, Reason reason) {
    ProducerRecord<String, byte[]> letter = new ProducerRecord<>(
        Topics.deadLetters(request.topic()), null, request.key(), request.value());
    request.headers().forEach(letter.headers()::add);
    addOrigin(letter, request, reason, "");
    return letter;
  }

  private void addOrigin(
      ProducerRecord<String, byte[]> letter,
      ConsumerRecord<String, byte[]> request,
      Reason reason,
      String remark) {
    add(letter, Headers.DLT_ORIGINAL_TOPIC, request.topic());
    letter.headers().add(Headers.DLT_ORIGINAL_PARTITION, bytes(request.partition()));
    letter.headers().add(Headers.DLT_ORIGINAL_OFFSET, bytes(request.offset()));
    letter.headers().add(Headers.DLT_ORIGINAL_TIMESTAMP, bytes(request.timestamp()));
    add(letter, Headers.DLT_ORIGINAL_TIMESTAMP_TYPE, request.timestampType().toString());
    add(letter, Headers.DLT_ORIGINAL_CONSUMER_GROUP, consumerGroup);
    add(letter, Headers.DLT_EXCEPTION_FQCN, InvalidRequestException.class.getName());
    add(
        letter,
        Headers.DLT_EXCEPTION_MESSAGE,
        reason.code().code() + ": " + reason.message() + remark);
  }

  private static void add(ProducerRecord<String, byte[]> letter, String name, String value) {
    letter.headers().add(name, value.getBytes(UTF_8));
  }

  private static byte[] bytes(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  private static byte[] bytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }
}
