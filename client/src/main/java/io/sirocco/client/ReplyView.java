package io.sirocco.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An answer as a series of parts of one kind, to be iterated or subscribed to by any number of
 * readers, each from the beginning and at its own pace.
 *
 * <p>A failed answer gives all its parts first; then an iterator throws, and a subscriber is told,
 * the {@link SiroccoException} that says why.
 *
 * <p>Thread-safe; an iterator belongs to one thread.
 *
 * @param <T> the kind of part
 */
public final class ReplyView<T> implements Iterable<T>, Flow.Publisher<T> {
  private final String requestId;
  private final ReplyLog log;
  private final Function<ReplyLog.Entry, @Nullable T> part;
  private final Executor callbacks;
  private final @Nullable Duration patience;

  ReplyView(
      String requestId,
      ReplyLog log,
      Function<ReplyLog.Entry, @Nullable T> part,
      Executor callbacks,
      @Nullable Duration patience) {
    this.requestId = requestId;
    this.log = log;
    this.part = part;
    this.callbacks = callbacks;
    this.patience = patience;
  }

  /**
   * Returns the same parts for readers that do not wait longer than that for any one of them: their
   * iterators throw a {@link ReplyTimeoutException}, and may be asked again. Subscribers have the
   * timeouts of their own libraries.
   */
  public ReplyView<T> within(Duration patience) {
    return new ReplyView<>(requestId, log, part, callbacks, patience);
  }

  /**
   * Returns the same parts for readers that begin at that {@code sequence} of the answer, such as one
   * that goes on where it was interrupted: the first part is that of the record with this sequence, or
   * of a {@code start} that stands right before it.
   *
   * @throws IllegalArgumentException when the sequence is negative
   */
  public ReplyView<T> from(long sequence) {
    if (sequence < 0) {
      throw new IllegalArgumentException("expected a sequence of 0 or more, found " + sequence);
    }
    return new ReplyView<>(
        requestId,
        log,
        entry -> entry.place() < sequence ? null : part.apply(entry),
        callbacks,
        patience);
  }

  /**
   * Returns a new reader that stands before the first part. Its methods wait for the next part; an
   * interrupt makes them throw a {@link ReplyInterruptedException}.
   */
  @Override
  public Iterator<T> iterator() {
    return new ReplyIterator<>(requestId, log, part, patience);
  }

  /**
   * Has {@code subscriber} told of every part from the first on, as it asks for them. Signals come
   * one at a time on threads of the client; a slow subscriber holds up nobody else.
   */
  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    new ReplySubscription<T>(log, part, callbacks, subscriber).start();
  }
}
