package io.sirocco.streams.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.topic.Headers;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A record that was refused, untouched, with headers that say where it was and why.
 *
 * <p>Immutable.
 *
 * @param origin topic, partition and offset, for a log line
 * @param record the record for the dead-letter topic
 */
record DeadLetter(String origin, Record<byte @Nullable [], byte @Nullable []> record) {

  static DeadLetter of(
      Record<byte @Nullable [], byte @Nullable []> refused,
      Optional<RecordMetadata> place,
      RefusedUsageException reason) {
    RecordHeaders headers = new RecordHeaders(refused.headers());
    place.ifPresent(at -> headers
        .add(Headers.DLT_ORIGINAL_TOPIC, at.topic().getBytes(UTF_8))
        .add(
            Headers.DLT_ORIGINAL_PARTITION,
            ByteBuffer.allocate(Integer.BYTES).putInt(at.partition()).array())
        .add(Headers.DLT_ORIGINAL_OFFSET, bytes(at.offset())));
    headers
        .add(Headers.DLT_ORIGINAL_TIMESTAMP, bytes(refused.timestamp()))
        .add(Headers.DLT_EXCEPTION_FQCN, reason.getClass().getName().getBytes(UTF_8))
        .add(Headers.DLT_EXCEPTION_MESSAGE, String.valueOf(reason.getMessage()).getBytes(UTF_8));
    return new DeadLetter(
        place.map(at -> at.topic() + "-" + at.partition() + "@" + at.offset()).orElse("?"),
        refused.withHeaders(headers));
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }
}
