package io.sirocco.client;

import static java.util.stream.Collectors.joining;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.request.RequestKey;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * An answer without a broker: what a test gives it arrives at once.
 *
 * <p>Confined to the test's thread.
 */
final class Answers {
  static final String REQUEST = "request-1";

  private final OpenAnswer answer = new OpenAnswer(REQUEST, new JsonCodec());
  private final Executor callbacks;
  private long offset;

  Answers(Executor callbacks) {
    this.callbacks = callbacks;
  }

  OpenAnswer answer() {
    return answer;
  }

  ReplyStream stream() {
    return stream(answer, callbacks);
  }

  /** Returns the stream of an answer that nobody can cancel. */
  static ReplyStream stream(OpenAnswer answer, Executor callbacks) {
    return new ReplyStream(
        RequestKey.of(null, answer.requestId()),
        answer,
        false,
        0,
        callbacks,
        () -> CompletableFuture.failedFuture(new AssertionError("expected no cancel, found one")));
  }

  /** Lets a record arrive. */
  Answers arrive(WireReply reply) {
    answer.accept(reply.at("chat.replies.test.1", offset++));
    return this;
  }

  /** Lets a start and one delta for each text arrive. */
  Answers arrive(String... texts) {
    arrive(WireReply.start(REQUEST, "w", 1));
    for (String text : texts) {
      delta(text);
    }
    return this;
  }

  Answers delta(String text) {
    return arrive(WireReply.delta(REQUEST, "w", 1, offset - 1, text));
  }

  Answers end() {
    return arrive(WireReply.end(REQUEST, "w", 1, offset - 1));
  }

  Answers error() {
    return arrive(WireReply.error(REQUEST, "w", 1, offset - 1));
  }

  static String text(Collection<ChatChunk> chunks) {
    return chunks.stream()
        .flatMap(chunk -> chunk.choices().stream())
        .map(choice -> String.valueOf(choice.delta().content()))
        .collect(joining());
  }
}
