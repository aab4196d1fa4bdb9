package io.sirocco.worker.reply;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * One reading of one reply log: from where, up to where, and what was found so far.
 *
 * <p>Confined to the thread that reads.
 */
final class LogSpan {
  private final ReplyLog log;
  private final long through;
  private final CompletableFuture<LogReading> found = new CompletableFuture<>();
  private final JsonCodec codec;
  private ReplyCheckpoint checkpoint;
  private final long askedNanos = System.nanoTime();
  private long begin;
  private long end;

  LogSpan(ReplyLog log, long through, JsonCodec codec) {
    this.log = log;
    this.through = through;
    this.codec = codec;
    this.checkpoint = new ReplyCheckpoint(log.requestId(), codec);
  }

  ReplyLog log() {
    return log;
  }

  TopicPartition partition() {
    return new TopicPartition(log.address().topic(), log.address().partition());
  }

  /** Completes with what was found. */
  CompletableFuture<LogReading> found() {
    return found;
  }

  /** Whether it was asked for less than {@code age} ago. */
  boolean isYoungerThan(Duration age) {
    return System.nanoTime() - askedNanos < age.toNanos();
  }

  boolean isOpen() {
    return !found.isDone();
  }

  /**
   * Learns where the partition begins and ends now.
   *
   * @param ofTimestamp the first offset since the request, or -1 when there is none
   */
  void locate(long beginning, long latest, long ofTimestamp) {
    // A requester's clock may be ahead: what is to be read through is part of the answer in any
    // case.
    long unknown = through < 0 ? latest : Math.min(latest, through);
    begin = log.begin().orElse(ofTimestamp < 0 ? unknown : ofTimestamp);
    end = Math.max(latest, through + 1);
    if (begin < beginning) {
      found.complete(new LogReading.Gone(
          "expected the answer to begin at offset %d, found that the partition begins at %d"
              .formatted(begin, beginning)));
    }
  }

  /** Forgets what was read: it is read again. */
  void rewind() {
    checkpoint = new ReplyCheckpoint(log.requestId(), codec);
  }

  /** Where it begins. */
  long begin() {
    return begin;
  }

  /** Takes the next record of the partition. */
  void accept(ConsumerRecord<String, byte[]> record) {
    if (!isOpen() || record.offset() < begin || record.offset() >= end) {
      return;
    }
    ReplyRecord reply = ReplyRecord.decode(
        record.offset(),
        record.timestamp(),
        name -> {
          Header header = record.headers().lastHeader(name);
          return header == null ? null : header.value();
        },
        record.value());
    if (reply == null) {
      return;
    }
    try {
      checkpoint.accept(reply);
    } catch (MalformedJsonException e) {
      found.complete(new LogReading.Unreadable(
          "expected a reply log that can be read, found a record that cannot at offset "
              + record.offset()));
    }
  }

  /**
   * Is complete when the next record read is {@code position} or a later one; behind the end of the
   * answer nothing counts, however much others write to the partition.
   */
  void reached(long position) {
    if (position >= end || (checkpoint.end() != null && position > through)) {
      found.complete(new LogReading.Found(checkpoint));
    }
  }
}
