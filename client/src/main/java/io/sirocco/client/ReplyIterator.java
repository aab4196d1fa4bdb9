package io.sirocco.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A reader of an answer that waits for what has not arrived yet.
 *
 * <p>Not thread-safe: confined to its reader's thread.
 */
final class ReplyIterator<T> implements Iterator<T> {
  private final String requestId;
  private final ReplyLog log;
  private final Function<ReplyLog.Entry, @Nullable T> part;
  private final @Nullable Duration patience;
  private int position;
  private @Nullable T next;

  /** Reads {@code log} from its beginning; entries of which {@code part} is null are skipped. */
  ReplyIterator(
      String requestId,
      ReplyLog log,
      Function<ReplyLog.Entry, @Nullable T> part,
      @Nullable Duration patience) {
    this.requestId = requestId;
    this.log = log;
    this.part = part;
    this.patience = patience;
  }

  @Override
  public boolean hasNext() {
    Deadline deadline = patience == null ? null : Deadline.after(patience);
    while (next == null) {
      boolean ended = log.isEnded();
      ReplyLog.Entry entry = log.at(position);
      if (entry != null) {
        position++;
        next = part.apply(entry);
      } else if (ended) {
        return endOfAnswer();
      } else {
        await(deadline);
      }
    }
    return true;
  }

  @Override
  public T next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("the answer to request " + requestId + " has ended");
    }
    T item = next;
    next = null;
    return item;
  }

  private boolean endOfAnswer() {
    SiroccoException failure = log.failure();
    if (failure != null) {
      throw failure;
    }
    return false;
  }

  private void await(@Nullable Deadline deadline) {
    try {
      if (!log.await(position, deadline) && patience != null) {
        throw new ReplyTimeoutException(requestId, "the next part of the answer", patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReplyInterruptedException(
          "interrupted while waiting for the answer to request " + requestId, e);
    }
  }
}
