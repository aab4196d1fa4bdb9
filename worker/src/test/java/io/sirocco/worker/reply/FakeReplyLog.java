package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A reply log that begins at offset 0, whose acknowledgements the test may give. */
public final class FakeReplyLog implements ReplyWriter, ReplyLogReader, OwnershipProof, Delays {
  /** A record on its way. */
  private record Sent(ProducerRecord<String, byte[]> record, CompletableFuture<Long> result) {}

  private final JsonCodec codec = new JsonCodec();
  private final List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
  private final List<ReplyRecord> replies = new ArrayList<>();
  private final Deque<Sent> sent = new ArrayDeque<>();
  private final List<Duration> delays = new ArrayList<>();
  private boolean holding;
  CompletableFuture<Void> writable = CompletableFuture.completedFuture(null);
  boolean owned = true;
  int proofs;
  int reads;

  /** Runs before each proof, as what others do meanwhile. */
  Runnable beforeProof = () -> {};

  /** Runs before each start, and is given its attempt. */
  IntConsumer beforeStart = attempt -> {};

  boolean full;
  /** Which records are refused for their size. */
  Predicate<ProducerRecord<String, byte[]>> tooLarge = reply -> false;

  boolean broken;
  boolean brokenOnce;
  boolean failing;

  /** Why: the brokers are away. */
  boolean away;

  /** Appends and acknowledges at once what is sent. */
  static FakeReplyLog prompt() {
    return new FakeReplyLog();
  }

  /** Acknowledges when the test says so. */
  static FakeReplyLog held() {
    FakeReplyLog log = new FakeReplyLog();
    log.holding = true;
    return log;
  }

  /** All that a lane needs. */
  ReplyLogAccess access() {
    return new ReplyLogAccess(this, this, this, this);
  }

  @Override
  public CompletionStage<Void> awaitWritable(ReplyLog log) {
    return writable;
  }

  @Override
  public boolean hasRoom() {
    return !full;
  }

  @Override
  public CompletionStage<Long> send(ProducerRecord<String, byte[]> reply) {
    if (broken || brokenOnce) {
      brokenOnce = false;
      throw new IllegalStateException("a fault of ours");
    }
    if (tooLarge.test(reply)) {
      return CompletableFuture.failedFuture(
          new RecordTooLargeException("The message is too many bytes."));
    }
    records.add(reply);
    if (failing) {
      return CompletableFuture.failedFuture(
          away ? new TimeoutException("away") : new IllegalStateException("the topic vanished"));
    }
    ReplyRecord decoded = decoded(reply, 0);
    if (decoded.event() == ReplyEvent.START) {
      beforeStart.accept(decoded.attempt());
    }
    CompletableFuture<Long> result = new CompletableFuture<>();
    sent.add(new Sent(reply, result));
    if (!holding) {
      acknowledge();
    }
    return result;
  }

  /** Appends a start of somebody else. */
  void appendStart(String writer, int attempt, @Nullable Long seed) {
    append(new ReplyRecord(
        0, 0, "r1", ReplyEvent.START, writer, attempt, null, 0, List.of(), seed, "{}"));
  }

  /** Appends a piece of somebody else. */
  void appendDelta(String writer, int attempt, long sequence, String text, Integer... tokenIds) {
    ChatChunk.Choice choice = new ChatChunk.Choice(0, new ChatChunk.Delta(null, text), null);
    ChatChunk chunk = new ChatChunk("x", ChatChunk.OBJECT, 1, "demo", List.of(choice), null, null);
    append(new ReplyRecord(
        0,
        0,
        "r1",
        ReplyEvent.DELTA,
        writer,
        attempt,
        sequence,
        0,
        List.of(tokenIds),
        null,
        codec.write(chunk)));
  }

  /** Appends an end of somebody else. */
  void appendEnd(String writer, int attempt, long sequence, Usage usage) {
    ChatChunk chunk = new ChatChunk("x", ChatChunk.OBJECT, 1, "demo", List.of(), usage, null);
    append(new ReplyRecord(
        0,
        0,
        "r1",
        ReplyEvent.END,
        writer,
        attempt,
        sequence,
        0,
        List.of(),
        null,
        codec.write(chunk)));
  }

  /** Appends a record of somebody else. */
  void append(ReplyRecord reply) {
    replies.add(new ReplyRecord(
        replies.size(),
        0,
        reply.requestId(),
        reply.event(),
        reply.writer(),
        reply.attempt(),
        reply.sequence(),
        reply.choice(),
        reply.tokenIds(),
        reply.seed(),
        reply.body()));
  }

  /** Appends and acknowledges the oldest record on its way; false when there is none. */
  boolean acknowledge() {
    Sent oldest = sent.poll();
    if (oldest == null) {
      return false;
    }
    replies.add(decoded(oldest.record(), replies.size()));
    return oldest.result().complete(replies.size() - 1L);
  }

  /** Has the oldest record on its way be overtaken by the others. */
  void overtake() {
    sent.add(sent.remove());
  }

  /** Loses the oldest record on its way. */
  void fail(String message) {
    fail(new IllegalStateException(message));
  }

  /** Loses the oldest record on its way. */
  void fail(Exception cause) {
    sent.remove().result().completeExceptionally(cause);
  }

  /** Appends the oldest record on its way, and loses its acknowledgement. */
  void failAcknowledgement(String message) {
    Sent oldest = sent.remove();
    replies.add(decoded(oldest.record(), replies.size()));
    oldest.result().completeExceptionally(new IllegalStateException(message));
  }

  /** What was sent, whatever came of it. */
  List<ProducerRecord<String, byte[]>> records() {
    return records;
  }

  /** What was sent, decoded. */
  List<ReplyRecord> sentReplies() {
    return records.stream().map(record -> decoded(record, 0)).toList();
  }

  /** What the log holds. */
  List<ReplyRecord> replies() {
    return replies;
  }

  /** How long was waited. */
  List<Duration> delays() {
    return delays;
  }

  /** What a reader makes of the log. */
  ReplyCheckpoint checkpoint(String requestId) {
    ReplyCheckpoint checkpoint = new ReplyCheckpoint(requestId, codec);
    try {
      for (ReplyRecord reply : replies) {
        checkpoint.accept(reply);
      }
    } catch (MalformedJsonException e) {
      throw new AssertionError(e);
    }
    return checkpoint;
  }

  @Override
  public CompletionStage<LogReading> read(ReplyLog log, long through) {
    reads++;
    return CompletableFuture.completedFuture(new LogReading.Found(checkpoint(log.requestId())));
  }

  @Override
  public CompletionStage<Boolean> prove() {
    proofs++;
    beforeProof.run();
    return CompletableFuture.completedFuture(owned);
  }

  @Override
  public CompletionStage<Void> delay(Duration time) {
    delays.add(time);
    return CompletableFuture.completedFuture(null);
  }

  private static ReplyRecord decoded(ProducerRecord<String, byte[]> reply, long offset) {
    return Objects.requireNonNull(ReplyRecord.decode(
        offset,
        0,
        name -> {
          Header header = reply.headers().lastHeader(name);
          return header == null ? null : header.value();
        },
        reply.value()));
  }
}
