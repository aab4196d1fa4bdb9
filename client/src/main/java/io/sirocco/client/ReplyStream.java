package io.sirocco.client;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The answer to one request: iterate it, subscribe to it, or wait for the whole; any number of
 * readers may do so, early or late, and each sees it from the beginning.
 *
 * <p>The chunks are OpenAI's; the last one has no choices and carries the usage. An answer that fails
 * ends every reader with the same {@link SiroccoException}, after the chunks that came before: a
 * {@link ChatFailedException} when the worker said why.
 *
 * <p>The records are kept in memory as long as this object is; a reader that goes away does not
 * cancel the request.
 *
 * <p>Thread-safe.
 */
public final class ReplyStream implements Iterable<ChatChunk>, Flow.Publisher<ChatChunk> {
  private final String requestId;
  private final CompletableFuture<ChatCompletion> whole;
  private final Executor callbacks;
  private final ReplyView<ChatChunk> chunks;
  private final ReplyView<RawReply> records;

  ReplyStream(OpenAnswer answer, Executor callbacks) {
    this.requestId = answer.requestId();
    this.whole = answer.whole();
    this.callbacks = callbacks;
    this.chunks = new ReplyView<>(requestId, answer.log(), ReplyLog.Entry::chunk, callbacks, null);
    this.records = new ReplyView<>(requestId, answer.log(), ReplyLog.Entry::reply, callbacks, null);
  }

  /** The id of the request. */
  public String requestId() {
    return requestId;
  }

  /** The chunks of the answer. */
  public ReplyView<ChatChunk> chunks() {
    return chunks;
  }

  /**
   * The records that make up the answer, with every {@code start} and the {@code end} or {@code
   * error}; records that are no part of it, such as those of a worker that was replaced, are left
   * out.
   */
  public ReplyView<RawReply> records() {
    return records;
  }

  @Override
  public Iterator<ChatChunk> iterator() {
    return chunks.iterator();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ChatChunk> subscriber) {
    chunks.subscribe(subscriber);
  }

  /**
   * Returns a new future of the whole answer; when the answer fails, a {@link SiroccoException} is the
   * cause of the future's exception. Its dependents run on a thread of the client that they hold up for nobody
   * else; to complete or cancel it changes nothing but itself.
   */
  public CompletableFuture<ChatCompletion> completion() {
    return whole.thenApplyAsync(Function.identity(), callbacks);
  }

  /**
   * Waits for the whole answer, at most {@code patience}.
   *
   * @throws SiroccoException when the answer failed, or did not end in time
   */
  public ChatCompletion await(Duration patience) {
    try {
      return whole.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SiroccoException failure) {
        throw failure;
      }
      throw new ReplyLostException("request " + requestId + " cannot be read", e.getCause());
    } catch (TimeoutException e) {
      throw new ReplyTimeoutException(requestId, "the end of the answer", patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReplyInterruptedException(
          "interrupted while waiting for the answer to request " + requestId, e);
    }
  }

  @Override
  public String toString() {
    return "ReplyStream[" + requestId + "]";
  }
}
