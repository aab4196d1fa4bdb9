package io.sirocco.contracts.reply;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the records of one partition of a reply log, as several workers would. */
final class LogWriter {
  private final List<ReplyRecord> log = new ArrayList<>();
  private String requestId = "r0";

  /** Writes for that request from here on. */
  LogWriter request(String requestId) {
    this.requestId = requestId;
    return this;
  }

  LogWriter start(String writer, int attempt) {
    return add(ReplyEvent.START, writer, attempt, null, "");
  }

  LogWriter release(String writer, int attempt) {
    return add(ReplyEvent.RELEASE, writer, attempt, null, "");
  }

  LogWriter progress(String writer, int attempt) {
    return add(ReplyEvent.PROGRESS, writer, attempt, null, "");
  }

  LogWriter delta(String writer, int attempt, long sequence, String text) {
    return add(ReplyEvent.DELTA, writer, attempt, sequence, text);
  }

  LogWriter end(String writer, int attempt, long sequence) {
    return add(ReplyEvent.END, writer, attempt, sequence, ".");
  }

  LogWriter error(String writer, int attempt, long sequence) {
    return add(ReplyEvent.ERROR, writer, attempt, sequence, "!");
  }

  LogWriter add(
      ReplyEvent event, String writer, int attempt, @Nullable Long sequence, String body) {
    log.add(new ReplyRecord(
        log.size(), 0, requestId, event, writer, attempt, sequence, 0, List.of(), null, body));
    return this;
  }

  List<ReplyRecord> records() {
    return List.copyOf(log);
  }

  /** What a reader of r0 sees: the bodies of all records that count, in order. */
  String answer() {
    ReplyFold fold = new ReplyFold("r0");
    StringBuilder answer = new StringBuilder();
    for (ReplyRecord reply : log) {
      ReplyFold.Effect effect = fold.accept(reply);
      if (effect == ReplyFold.Effect.APPENDED || effect == ReplyFold.Effect.ENDED) {
        answer.append(reply.body());
      }
    }
    return answer.toString();
  }

  /** What the fold of r0 says to the last record. */
  ReplyFold.Effect lastEffect() {
    ReplyFold fold = new ReplyFold("r0");
    ReplyFold.Effect effect = ReplyFold.Effect.DROPPED;
    for (ReplyRecord reply : log) {
      effect = fold.accept(reply);
    }
    return effect;
  }
}
