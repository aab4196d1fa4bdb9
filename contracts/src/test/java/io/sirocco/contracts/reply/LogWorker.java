package io.sirocco.contracts.reply;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.json.JsonCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One assignment of a worker as it writes to the log of r0, one rule at a time. */
final class LogWorker {
  /** What the worker knew of the log when it decided to claim. */
  record Claim(ReplyCheckpoint checkpoint) {}

  private static final JsonCodec CODEC = new JsonCodec();

  private final String name;
  private final SharedLog log;
  private int attempt;
  private long nextSequence;
  private int tokens;
  private boolean failsNext;
  private @Nullable Runnable failed;
  private @Nullable ReplyCheckpoint checkpoint;

  LogWorker(String name, SharedLog log) {
    this.name = name;
    this.log = log;
  }

  int attempt() {
    return attempt;
  }

  /** What it goes on from. */
  ReplyCheckpoint checkpoint() {
    if (checkpoint == null) {
      throw new AssertionError("expected a claim, found none");
    }
    return checkpoint;
  }

  /** Rule 3a. */
  Claim read() {
    return new Claim(log.read());
  }

  /** Rules 3c to 3e, but for claiming again. */
  void start(Claim claim) {
    attempt = claim.checkpoint().fold().nextAttempt();
    log.append(ReplyEvent.START, "r0", name, attempt, null, "");
    checkpoint = log.read();
    nextSequence = checkpoint.fold().nextSequence();
    tokens = checkpoint.completionTokens();
  }

  /** Rule 3 with nobody in between; false when the answer has ended and there is nothing to write. */
  boolean claim() {
    Claim claim = read();
    if (claim.checkpoint().end() != null) {
      return false;
    }
    start(claim);
    return true;
  }

  /** Rule 2 before the acknowledgement; returns the acknowledged offset. */
  long startBlindly() {
    attempt = 1;
    return log.append(ReplyEvent.START, "r0", name, attempt, null, "");
  }

  boolean isCurrent() {
    ReplyRecord start = log.read().fold().currentStart();
    return start != null && start.attempt() == attempt && start.writer().equals(name);
  }

  LogWorker write(String text) {
    ChatChunk.Choice choice = new ChatChunk.Choice(0, new ChatChunk.Delta(null, text), null);
    long sequence = nextSequence++;
    tokens++;
    Runnable send = () -> log.append(
        ReplyEvent.DELTA, "r0", name, attempt, sequence, CODEC.write(chunk(List.of(choice), null)));
    if (failsNext) {
      failsNext = false;
      failed = send;
    } else {
      send.run();
    }
    return this;
  }

  /** Writes what reminds of where the draw stands: equal for all workers, or each its own. */
  LogWorker writeToken(boolean equalTokens) {
    return write((equalTokens ? "t" : name + "-") + nextSequence + " ");
  }

  void end() {
    log.append(
        ReplyEvent.END,
        "r0",
        name,
        attempt,
        nextSequence++,
        CODEC.write(chunk(List.of(), Usage.of(3, tokens))));
  }

  void release() {
    log.append(ReplyEvent.RELEASE, "r0", name, attempt, null, "");
  }

  long nextSequence() {
    return nextSequence;
  }

  void failNextSend() {
    failsNext = true;
  }

  /** What rule 5 forbids. */
  void repeatFailedSend() {
    if (failed == null) {
      throw new AssertionError("expected a send that failed, found none");
    }
    failed.run();
  }

  private static ChatChunk chunk(List<ChatChunk.Choice> choices, @Nullable Usage usage) {
    return new ChatChunk("chatcmpl-r0", ChatChunk.OBJECT, 1, "demo", choices, usage);
  }
}
