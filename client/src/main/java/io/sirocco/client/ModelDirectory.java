package io.sirocco.client;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.contracts.model.ModelCatalog;
import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which models are announced, and stays current. Connects when it is first asked, so that a
 * client that was told its request topic pays nothing.
 *
 * <p>Thread-safe; a thread of its own reads.
 */
final class ModelDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(ModelDirectory.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration ERROR_PAUSE = Duration.ofMillis(500);

  private final Supplier<Consumer<byte[], byte[]>> connect;
  private final String threadName;
  private final Duration patience;
  private @Nullable Reading reading;
  private boolean closed;

  /**
   * @param connect makes the consumer when it is needed
   * @param patience how long a caller waits for the end of the topic
   */
  ModelDirectory(Supplier<Consumer<byte[], byte[]>> connect, String threadName, Duration patience) {
    this.connect = connect;
    this.threadName = threadName;
    this.patience = patience;
  }

  /**
   * Returns what is known; waits only when nothing was read yet.
   *
   * @throws TimeoutException when it cannot be read in time; the message says why, if that is known
   */
  ModelCatalog catalog() throws TimeoutException, InterruptedException {
    Reading reader = reading();
    return reader.complete ? reader.models.catalog() : refreshed();
  }

  /**
   * Returns a catalog that holds whatever was announced before the call.
   *
   * @throws TimeoutException when it cannot be read in time; the message says why, if that is known
   */
  ModelCatalog refreshed() throws TimeoutException, InterruptedException {
    Reading reader = reading();
    CompletableFuture<ModelCatalog> look = reader.models.look();
    reader.wake();
    if (!reader.running) {
      reader.models.refuse();
    }
    try {
      ModelCatalog catalog = look.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      reader.complete = true;
      return catalog;
    } catch (ExecutionException e) {
      throw new ClientClosedException("the client was closed before the models were known");
    } catch (TimeoutException e) {
      String fault = reader.fault;
      throw new TimeoutException("expected to read topic '" + Topics.MODELS + "' within "
          + patience.toMillis() + " ms, found no end of it" + (fault == null ? "" : ": " + fault));
    }
  }

  /**
   * Returns the model that {@code asked} names, or without a name the default model; waits only when
   * nothing was read yet, or none is known: it may have been announced a moment ago.
   *
   * @throws TimeoutException when it cannot be read in time; the message says why, if that is known
   */
  Optional<ModelAnnouncement> find(@Nullable String asked)
      throws TimeoutException, InterruptedException {
    Optional<ModelAnnouncement> known = find(catalog(), asked);
    return known.isPresent() ? known : find(refreshed(), asked);
  }

  private static Optional<ModelAnnouncement> find(ModelCatalog catalog, @Nullable String asked) {
    return asked == null ? catalog.defaultModel() : catalog.find(asked);
  }

  private synchronized Reading reading() {
    if (closed) {
      throw new ClientClosedException("expected an open client, found a closed one");
    }
    Reading reader = reading;
    if (reader == null) {
      reader = new Reading(connect.get(), threadName);
      reader.thread.start();
      reading = reader;
    }
    return reader;
  }

  /** Ends the thread and closes the consumer, within the time that is left. */
  void close(Deadline deadline) {
    Reading reader;
    synchronized (this) {
      closed = true;
      reader = reading;
    }
    if (reader != null) {
      reader.close(deadline);
    }
  }

  /** The thread and what it works on. */
  private static final class Reading {
    private final Consumer<byte[], byte[]> consumer;
    private final ModelReader models;
    private final Thread thread;
    private volatile boolean complete;
    private volatile boolean running = true;
    private volatile Duration closeTimeout = Duration.ZERO;
    private volatile @Nullable String fault;

    Reading(Consumer<byte[], byte[]> consumer, String threadName) {
      this.consumer = consumer;
      this.models = new ModelReader(consumer, new JsonCodec());
      this.thread = new Thread(this::run, threadName);
      thread.setDaemon(true);
    }

    void wake() {
      consumer.wakeup();
      LockSupport.unpark(thread);
    }

    void close(Deadline deadline) {
      closeTimeout = deadline.remaining();
      running = false;
      wake();
      try {
        thread.join(Math.max(1, deadline.remaining().toMillis()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void run() {
      while (running) {
        step();
      }
      models.close();
      consumer.close(CloseOptions.timeout(closeTimeout));
    }

    private void step() {
      try {
        if (models.isIdle()) {
          LockSupport.parkNanos(POLL.toNanos());
        } else {
          models.step(POLL);
          fault = null;
        }
      } catch (WakeupException e) {
        // Somebody asks, or the end.
      } catch (RuntimeException e) {
        explain(e);
      }
    }

    private void explain(RuntimeException e) {
      // An interrupt of this thread, which nobody has a reason for, would make every poll fail.
      Thread.interrupted();
      String found = e.toString();
      if (!found.equals(fault)) {
        LOG.warn("Reading {} failed, trying again: {}", Topics.MODELS, found);
      }
      fault = found;
      LockSupport.parkNanos(ERROR_PAUSE.toNanos());
    }
  }
}
