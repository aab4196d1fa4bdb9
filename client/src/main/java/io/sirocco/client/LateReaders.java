package io.sirocco.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers again, or those of other clients, with a hub of its own, so that to read what is long
 * past takes nobody else back. It connects when it is first needed.
 *
 * <p>Thread-safe.
 */
final class LateReaders {
  private final Supplier<Consumer<byte[], byte[]>> connect;
  private final String threadName;
  private final ReplyTopicAdmin admin;
  private @Nullable ReplyHub hub;
  private boolean closed;

  LateReaders(
      Supplier<Consumer<byte[], byte[]>> connect, String threadName, ReplyTopicAdmin admin) {
    this.connect = connect;
    this.threadName = threadName;
    this.admin = admin;
  }

  /**
   * Has {@code answer} read at {@code address} until it ends.
   *
   * @throws SiroccoException when there is no such place, or it cannot be known within {@code
   *     patience} whether there is
   */
  void open(ReplyAddress address, OpenAnswer answer, Duration patience) {
    String requestId = answer.requestId();
    try {
      openWithin(Deadline.after(patience), address, answer);
    } catch (TimeoutException e) {
      throw new ReplyTimeoutException(requestId, "to find its answer", patience);
    } catch (ExecutionException e) {
      throw new ReplyLostException(
          "request " + requestId + ": its answer cannot be looked for", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReplyInterruptedException(
          "interrupted while looking for the answer to request " + requestId, e);
    }
  }

  private void openWithin(Deadline deadline, ReplyAddress address, OpenAnswer answer)
      throws ExecutionException, InterruptedException, TimeoutException {
    if (!admin.exists(address.partition(), deadline)) {
      throw new ReplyNotFoundException("request " + answer.requestId() + ": expected its answer in "
          + address.partition() + ", found no such topic");
    }
    ReplyHub reading = hub();
    reading.open(address, answer);
    answer.whenEnded(failure -> {
      reading.leave(address, answer);
      // Whoever made the topic may delete it from now on.
      var unused = reading.remove(List.of(address));
    });
    reading.add(List.of(address)).get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
  }

  private synchronized ReplyHub hub() {
    if (closed) {
      throw new ClientClosedException("expected an open client, found a closed one");
    }
    ReplyHub reading = hub;
    if (reading == null) {
      reading = new ReplyHub(connect, threadName);
      reading.start();
      hub = reading;
    }
    return reading;
  }

  /** What Kafka measures of the consumer; nothing before there is one. */
  synchronized Map<MetricName, ? extends Metric> metrics() {
    return hub == null ? Map.of() : hub.metrics();
  }

  /** Ends the thread and closes the consumer, within the time that is left. */
  void close(Deadline deadline) {
    ReplyHub reading;
    synchronized (this) {
      closed = true;
      reading = hub;
    }
    if (reading != null) {
      reading.close(deadline);
    }
  }
}
