package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.CompletionAssembler;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyFold;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.reply.WaitEstimate;
import io.sirocco.contracts.request.ReplyHandle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is being read: folds the records of its partition and hands what counts to the
 * readers.
 *
 * <p>{@link #accept} is confined to the hub's thread; the rest is thread-safe.
 */
final class OpenAnswer {
  private final String requestId;
  private final JsonCodec codec;
  private final CompletionAssembler assembler = new CompletionAssembler();
  private final ReplyLog log = new ReplyLog();
  private final CompletableFuture<ChatCompletion> whole = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> listed = new CompletableFuture<>();
  private volatile @Nullable ReplyAddress address;
  private volatile ReplyFold fold;
  private volatile @Nullable Consumer<ReplyHandle> follower;
  private volatile Runnable reading = () -> {};

  // Of the hub's thread, once it hands records out.
  private long nextOffset;

  OpenAnswer(String requestId, JsonCodec codec) {
    this.requestId = requestId;
    this.codec = codec;
    this.fold = new ReplyFold(requestId);
  }

  String requestId() {
    return requestId;
  }

  /** Has {@code follower} see to it that the answer is read where another request's is, if it is that one's. */
  void followBy(Consumer<ReplyHandle> follower) {
    this.follower = follower;
  }

  /** Has the answer read from {@code address} on; to be called before the first record of that log. */
  void begin(ReplyAddress address) {
    this.address = address;
    this.fold = new ReplyFold(requestId);
    this.nextOffset = address.offset();
  }

  /** Where the answer is read, or null before a place is known. */
  @Nullable
  ReplyAddress address() {
    return address;
  }

  ReplyLog log() {
    return log;
  }

  /** Completes once, when the answer has ended and its log with it. */
  CompletableFuture<ChatCompletion> whole() {
    return whole;
  }

  /** Completes when it is known whether the answer's place was written down, if that was asked for. */
  CompletableFuture<@Nullable Void> listed() {
    return listed;
  }

  /**
   * Has {@code listener} told once that the answer has ended, with the failure or null, on the thread
   * that ends it; at once if it has ended already. It must be quick.
   */
  void whenEnded(Consumer<@Nullable SiroccoException> listener) {
    var unused = whole.whenComplete((completion, failure) -> listener.accept(log.failure()));
  }

  /**
   * Has {@code listener} told that the last record has come, on the thread that reads, before any
   * reader hears of the end: so it is told before whoever waits for the answer can close the client.
   */
  void whenRead(Runnable listener) {
    reading = listener;
  }

  /** Ends the answer without a terminal record; of several ends the first counts. */
  void fail(SiroccoException failure) {
    if (log.end(failure)) {
      whole.completeExceptionally(failure);
      listed.completeExceptionally(failure);
    }
  }

  /** Takes the next record of the answer's partition, which may be anybody's. */
  void accept(ConsumerRecord<byte[], byte[]> kafkaRecord) {
    // Another reader of the partition may have taken the consumer back; a fold never steps back.
    if (kafkaRecord.offset() < nextOffset) {
      return;
    }
    nextOffset = kafkaRecord.offset() + 1;
    ReplyRecord reply = ReplyRecord.decode(
        kafkaRecord.offset(),
        kafkaRecord.timestamp(),
        name -> lastHeader(kafkaRecord, name),
        kafkaRecord.value());
    if (reply == null) {
      return;
    }
    long place = fold.nextSequence();
    ReplyFold.Effect effect = fold.accept(reply);
    if (effect == ReplyFold.Effect.DROPPED) {
      hear(reply, place);
      return;
    }
    RawReply raw = new RawReply(reply, headers(kafkaRecord));
    try {
      switch (effect) {
        case APPENDED -> append(raw, place);
        case ENDED -> end(raw, place);
        default -> log.append(ReplyLog.Entry.of(place, raw, null));
      }
    } catch (MalformedJsonException e) {
      fail(new ReplyLostException(
          "request " + requestId + ": expected a body of the event "
              + reply.event().wireName() + " at offset " + reply.offset() + ", found: "
              + e.getMessage(),
          e));
    }
  }

  /** News that nobody can read is none. */
  private void hear(ReplyRecord reply, long place) {
    if (reply.event() == ReplyEvent.PROGRESS && reply.requestId().equals(requestId)) {
      try {
        log.append(ReplyLog.Entry.of(place, codec.read(reply.body(), WaitEstimate.class)));
      } catch (MalformedJsonException e) {
        return;
      }
    }
  }

  private void append(RawReply raw, long place) throws MalformedJsonException {
    ChatChunk chunk = codec.read(raw.value(), ChatChunk.class);
    assembler.append(chunk);
    log.append(ReplyLog.Entry.of(place, raw, chunk));
  }

  private void end(RawReply raw, long place) throws MalformedJsonException {
    if (raw.reply().event() == ReplyEvent.ERROR) {
      ErrorBody body = codec.read(raw.value(), ErrorBody.class);
      ReplyHandle elsewhere = body.stream();
      Consumer<ReplyHandle> follows = follower;
      if (elsewhere != null && follows != null) {
        follower = null; // Once: who leads in circles is not followed.
        follows.accept(elsewhere);
        return;
      }
      log.append(ReplyLog.Entry.of(place, raw, null));
      reading.run();
      fail(new ChatFailedException(requestId, body));
      return;
    }
    ChatChunk last;
    ChatCompletion completion;
    if (ChatCompletion.OBJECT.equals(codec.read(raw.value(), Map.class).get("object"))) {
      completion = codec.read(raw.value(), ChatCompletion.class);
      last = lastChunkOf(completion);
    } else {
      last = codec.read(raw.value(), ChatChunk.class);
      assembler.append(last);
      completion = assembler.completion();
    }
    log.append(ReplyLog.Entry.of(place, raw, last));
    reading.run();
    if (log.end(null)) {
      whole.complete(completion);
    }
  }

  /** Readers of chunks find the usage in the same place whether the request asked for a stream or not. */
  private static ChatChunk lastChunkOf(ChatCompletion completion) {
    return new ChatChunk(
        completion.id(),
        ChatChunk.OBJECT,
        completion.created(),
        completion.model(),
        List.of(),
        completion.usage());
  }

  private static byte @Nullable [] lastHeader(
      ConsumerRecord<byte[], byte[]> kafkaRecord, String name) {
    Header header = kafkaRecord.headers().lastHeader(name);
    return header == null ? null : header.value();
  }

  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> kafkaRecord) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : kafkaRecord.headers()) {
      headers.put(header.key(), header.value() == null ? "" : new String(header.value(), UTF_8));
    }
    return headers;
  }
}
