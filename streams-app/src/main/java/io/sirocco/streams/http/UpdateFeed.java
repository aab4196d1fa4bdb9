package io.sirocco.streams.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Tells readers that totals have changed, as server-sent events; what they are now, readers ask.
 *
 * <p>A reader that is slow misses events and nothing else: the next one says as much.
 *
 * <p>Source: HTML Living Standard, section 9.2, server-sent events.
 *
 * <p>Thread-safe.
 */
final class UpdateFeed extends Handler.Abstract.NonBlocking implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(500);

  /** More often than proxies and the connector give a silent connection up. */
  private static final int PERIODS_OF_SILENCE = 20;

  private static final int MOST_READERS = 256;

  private final LongSupplier counted;
  private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "usage-updates");
        thread.setDaemon(true);
        return thread;
      });
  private long told = -1;
  private int silence;

  /** @param counted a number that changes when totals do */
  UpdateFeed(LongSupplier counted) {
    this.counted = counted;
    var unused = clock.scheduleWithFixedDelay(
        this::step, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (readers.size() >= MOST_READERS) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, "10");
      Response.writeError(request, response, callback, 503, "too many readers of updates");
      return true;
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Reader reader = new Reader(response, callback);
    readers.add(reader);
    reader.tell("retry: 2000\n\n");
    return true;
  }

  /** Tells readers what there is to tell. On the clock's thread. */
  private void step() {
    long now = counted.getAsLong();
    if (now != told) {
      told = now;
      silence = 0;
      readers.forEach(reader -> reader.tell("event: usage\ndata: {\"counted\":" + now + "}\n\n"));
    } else if (++silence >= PERIODS_OF_SILENCE) {
      silence = 0;
      readers.forEach(reader -> reader.tell(": still here\n\n"));
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    readers.forEach(reader -> reader.callback.succeeded());
    readers.clear();
  }

  /** One connection; a write at a time. */
  private final class Reader {
    private final Response response;
    private final Callback callback;
    private final AtomicBoolean writing = new AtomicBoolean();

    Reader(Response response, Callback callback) {
      this.response = response;
      this.callback = callback;
    }

    void tell(String event) {
      if (writing.compareAndSet(false, true)) {
        response.write(
            false,
            ByteBuffer.wrap(event.getBytes(UTF_8)),
            Callback.from(() -> writing.set(false), this::gone));
      }
    }

    private void gone(Throwable fault) {
      readers.remove(this);
      callback.failed(fault);
    }
  }
}
