package io.sirocco.worker.reply;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.WaitEstimate;
import io.sirocco.contracts.topic.Headers;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of one answer: OpenAI's JSON as the value, everything else in headers.
 *
 * <p>Immutable and thread-safe.
 */
final class ReplyEncoder {
  private final JsonCodec codec;
  private final ReplyHead head;
  private final int attempt;

  /**
   * @param attempt the number of the start under which the records are written, from 1
   */
  ReplyEncoder(JsonCodec codec, ReplyHead head, int attempt) {
    this.codec = codec;
    this.head = head;
    this.attempt = attempt;
  }

  /** Returns the encoder of records under another start. */
  ReplyEncoder under(int otherAttempt) {
    return new ReplyEncoder(codec, head, otherAttempt);
  }

  /** The record that takes the request up. */
  ProducerRecord<String, byte[]> start(Object body, ReplyHead.Start start) {
    ProducerRecord<String, byte[]> reply = record(ReplyEvent.START, body);
    if (start.seed() != null) {
      add(reply, Headers.SEED, start.seed().toString());
    }
    if (!start.warnings().isEmpty()) {
      add(reply, Headers.WARNINGS, String.join(",", start.warnings()));
    }
    return reply;
  }

  /** A piece of the answer, with the ids of its tokens. */
  ProducerRecord<String, byte[]> delta(long sequence, Object body, ReplyPiece piece) {
    ProducerRecord<String, byte[]> reply = sequenced(ReplyEvent.DELTA, sequence, body);
    add(reply, Headers.CHOICE, Integer.toString(piece.choice()));
    if (!piece.tokenIds().isEmpty()) {
      String ids = piece.tokenIds().stream().map(String::valueOf).collect(Collectors.joining(","));
      add(reply, Headers.TOKEN_IDS, ids);
    }
    return reply;
  }

  /** The record that gives the request up in good order. */
  ProducerRecord<String, byte[]> release() {
    return record(ReplyEvent.RELEASE, (byte[]) null);
  }

  /** News for those who wait. */
  ProducerRecord<String, byte[]> progress(WaitEstimate estimate) {
    return record(ReplyEvent.PROGRESS, estimate);
  }

  /** A record with a place in the answer. */
  ProducerRecord<String, byte[]> sequenced(ReplyEvent event, long sequence, Object body) {
    ProducerRecord<String, byte[]> reply = record(event, body);
    add(reply, Headers.SEQUENCE, Long.toString(sequence));
    return reply;
  }

  private ProducerRecord<String, byte[]> record(ReplyEvent event, Object body) {
    return record(event, codec.writeBytes(body));
  }

  private ProducerRecord<String, byte[]> record(ReplyEvent event, byte @Nullable [] value) {
    ReplyAddress address = head.address();
    ProducerRecord<String, byte[]> reply =
        new ProducerRecord<>(address.topic(), address.partition(), head.requestId(), value);
    echo(reply, Headers.CORRELATION_ID, head.correlationId());
    add(reply, Headers.REQUEST_ID, head.requestId());
    add(reply, Headers.EVENT, event.wireName());
    add(reply, Headers.WRITER, head.writer());
    add(reply, Headers.ATTEMPT, Integer.toString(attempt));
    add(reply, Headers.EPOCH, Integer.toString(head.epoch()));
    echo(reply, Headers.TRACEPARENT, head.traceparent());
    echo(reply, Headers.TRACESTATE, head.tracestate());
    return reply;
  }

  private static void add(ProducerRecord<String, byte[]> reply, String name, String value) {
    reply.headers().add(name, value.getBytes(UTF_8));
  }

  private static void echo(
      ProducerRecord<String, byte[]> reply, String name, byte @Nullable [] value) {
    if (value != null) {
      reply.headers().add(name, value);
    }
  }
}
