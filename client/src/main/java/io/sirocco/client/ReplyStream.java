package io.sirocco.client;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.reply.WaitEstimate;
import io.sirocco.contracts.request.ReplyHandle;
import io.sirocco.contracts.request.RequestKey;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request: iterate it, subscribe to it, or wait for the whole; any number of
 * readers may do so, early or late, and each sees it from the beginning, or from the sequence that it
 * asks for.
 *
 * <p>The chunks are OpenAI's; the last one has no choices and carries the usage. An answer that fails
 * ends every reader with the same {@link SiroccoException}, after the chunks that came before: a
 * {@link ChatFailedException} when the worker said why.
 *
 * <p>The records are kept in memory as long as this object is. A reader that goes away does not
 * cancel the request; {@link #cancel} does. The answer outlives this process, too: with its handle,
 * another one goes on reading where this one stood.
 *
 * <pre>{@code
 * static void hurry(SiroccoClient client, ChatRequest request) {
 *   ReplyStream answer = client.submit(request);
 *   try {
 *     System.out.println(answer.await(Duration.ofSeconds(30)).text());
 *   } catch (ReplyTimeoutException e) {
 *     answer.cancel();
 *   }
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class ReplyStream implements Iterable<ChatChunk>, Flow.Publisher<ChatChunk> {
  private final String requestId;
  private final RequestKey key;
  private final OpenAnswer answer;
  private final boolean attached;
  private final Supplier<CompletableFuture<Void>> cancel;
  private final CompletableFuture<ChatCompletion> whole;
  private final Executor callbacks;
  private final ReplyView<ChatChunk> chunks;
  private final ReplyView<RawReply> records;
  private final ReplyView<WaitEstimate> waits;

  /**
   * @param attached whether it was asked for before, here or elsewhere
   * @param fromSequence where readers begin
   * @param cancel writes that the request is to be cancelled
   */
  ReplyStream(
      RequestKey key,
      OpenAnswer answer,
      boolean attached,
      long fromSequence,
      Executor callbacks,
      Supplier<CompletableFuture<Void>> cancel) {
    this.requestId = answer.requestId();
    this.key = key;
    this.answer = answer;
    this.attached = attached;
    this.cancel = cancel;
    this.whole = answer.whole();
    this.callbacks = callbacks;
    this.chunks = new ReplyView<>(requestId, answer.log(), ReplyLog.Entry::chunk, callbacks, null)
        .from(fromSequence);
    this.records = new ReplyView<>(requestId, answer.log(), ReplyLog.Entry::reply, callbacks, null)
        .from(fromSequence);
    this.waits =
        new ReplyView<>(requestId, answer.log(), ReplyLog.Entry::estimate, callbacks, null);
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

  /**
   * What the worker tells of the request while it waits, about once in a second: how many are before it,
   * and how long that may take. It ends with the answer; a request that does not wait long, or {@linkplain
   * SubmitOptions.Builder#progress does not want to know}, is told nothing.
   */
  public ReplyView<WaitEstimate> progress() {
    return waits;
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

  /**
   * Returns a future that completes when any process can find the answer by user and id, for requests
   * that asked to be {@linkplain SubmitOptions#listed() listed}; on a thread of the client. With an
   * exception when that may never be.
   */
  public CompletableFuture<@Nullable Void> listed() {
    return answer.listed().thenApplyAsync(Function.identity(), callbacks);
  }

  /**
   * Has the request cancelled, waiting or running. The answer goes on until a worker has heard of it:
   * then it ends with a {@link ChatFailedException} of the code {@code cancelled}, which carries the
   * usage so far. An answer that has ended stays as it is.
   *
   * @return completes when the wish is written down, on a thread of the client; with a {@link
   *     SubmitFailedException} as its exception's cause when it may not have been
   */
  public CompletableFuture<Void> cancel() {
    return cancel.get();
  }

  /**
   * Whether it was {@linkplain SiroccoClient#attach attached} to, by name or as the first answer under
   * an id, rather than asked for by this client.
   */
  public boolean isAttached() {
    return attached;
  }

  /**
   * Reads no more of an answer that was {@linkplain SiroccoClient#attach attached} to: all readers of
   * this object end with a {@link ClientClosedException}, and what was read is forgotten. The answer
   * goes on, and can be attached to again.
   */
  public void leave() {
    answer.fail(new ClientClosedException("the answer to request " + requestId + " was left"));
  }

  /**
   * Returns what another client, now or later, needs to {@linkplain SiroccoClient#attach attach} to
   * this answer.
   *
   * @throws IllegalStateException when the request was not sent, so that there will be no answer
   */
  public ReplyHandle handle() {
    ReplyAddress address = answer.address();
    if (address == null) {
      throw new IllegalStateException(
          "expected a request that was sent, found that " + requestId + " was not");
    }
    return new ReplyHandle(
        key.user() == null ? RequestKey.ANONYMOUS : key.user(),
        requestId,
        address.topic(),
        address.partition().partition(),
        address.offset());
  }

  @Override
  public String toString() {
    return "ReplyStream[" + requestId + "]";
  }
}
