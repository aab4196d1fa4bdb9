package io.sirocco.client;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A new topic for every answer, created ahead in batches and read by the hub before it is needed.
 *
 * <p>Thread-safe. A thread of its own creates and deletes.
 */
final class SingleUseTopics implements ReplyTopics {
  private static final Logger LOG = LoggerFactory.getLogger(SingleUseTopics.class);
  private static final Duration CREATE_PATIENCE = Duration.ofSeconds(10);
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_SWEEP_PAUSE = Duration.ofSeconds(5);
  private static final Duration SHORTEST_SWEEP_PAUSE = Duration.ofMillis(100);

  private final ClientSettings settings;
  private final String clientId;
  private final ReplyTopicAdmin admin;
  private final ReplyHub hub;
  private final TopicSweeper sweeper;
  private final Thread thread;
  private final BlockingQueue<ReplyAddress> ready = new LinkedBlockingQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger leased = new AtomicInteger();
  private final Semaphore taken = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile @Nullable String fault;

  // Of the thread.
  private long nextNumber;

  SingleUseTopics(
      ClientSettings settings,
      String clientId,
      ReplyTopicAdmin admin,
      ReplyHub hub,
      InstantSource clock) {
    this.settings = settings;
    this.clientId = clientId;
    this.admin = admin;
    this.hub = hub;
    this.sweeper = new TopicSweeper(admin, hub, settings.deleteDelay(), clock);
    this.thread = new Thread(this::run, clientId + "-topics");
    thread.setDaemon(true);
  }

  /** Begins to create topics, and to sweep. */
  void start() {
    thread.start();
  }

  @Override
  public ReplyAddress lease() throws TimeoutException, InterruptedException {
    ReplyAddress address = ready.poll();
    if (address == null) {
      waiting.incrementAndGet();
      try {
        taken.release();
        address = ready.poll(settings.submitTimeout().toMillis(), TimeUnit.MILLISECONDS);
      } finally {
        waiting.decrementAndGet();
      }
    }
    if (address == null) {
      throw new TimeoutException("expected a reply topic within "
          + settings.submitTimeout().toMillis() + " ms, found none"
          + (fault == null ? "" : ": " + fault));
    }
    leased.incrementAndGet();
    taken.release();
    return address;
  }

  @Override
  public void retire(ReplyAddress address, Delivery delivery) {
    leased.decrementAndGet();
    sweeper.retire(address, delivery);
  }

  @Override
  public void close(Deadline deadline) {
    closing.countDown();
    taken.release();
    try {
      // A batch that is being created is waited for, or its topics would be nobody's.
      thread.join(Math.max(1, deadline.remaining().toMillis()));
      thread.interrupt();
      ready.forEach(unused -> sweeper.retire(unused, new Delivery.NotSent()));
      ready.clear();
      int left = sweeper.finish(deadline) + leased.get();
      if (left > 0) {
        LOG.warn(
            "{} reply topics {}{}.* of requests that are not closed yet are left for the janitor",
            left,
            Topics.REPLIES_PREFIX,
            clientId);
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void run() {
    long sweepPauseNanos = sweepPause(settings.deleteDelay()).toNanos();
    long nextSweep = System.nanoTime() + sweepPauseNanos;
    try {
      while (!isClosing()) {
        refill();
        if (System.nanoTime() - nextSweep >= 0) {
          sweep();
          nextSweep = System.nanoTime() + sweepPauseNanos;
        }
        if (!isLow() && taken.tryAcquire(nextSweep - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          taken.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("The client is closed before a round of creating or deleting topics has ended");
    }
  }

  private static Duration sweepPause(Duration deleteDelay) {
    Duration pause = deleteDelay.dividedBy(4);
    if (pause.compareTo(SHORTEST_SWEEP_PAUSE) < 0) {
      return SHORTEST_SWEEP_PAUSE;
    }
    return pause.compareTo(LONGEST_SWEEP_PAUSE) > 0 ? LONGEST_SWEEP_PAUSE : pause;
  }

  private boolean isLow() {
    return ready.size() <= settings.refillAt() || waiting.get() > 0;
  }

  private void refill() throws InterruptedException {
    if (!isLow()) {
      return;
    }
    int count = settings.readyTopics() - ready.size() + waiting.get();
    List<ReplyAddress> batch = LongStream.range(nextNumber, nextNumber + count)
        .mapToObj(number -> ReplyAddress.singleUse(Topics.replies(clientId, number)))
        .toList();
    nextNumber += count;
    try {
      admin.create(batch.stream().map(ReplyAddress::topic).toList(), CREATE_PATIENCE);
      hub.add(batch).get(CREATE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      fault = null;
      ready.addAll(batch);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      // Some of them may be there all the same.
      batch.forEach(doubtful -> sweeper.retire(doubtful, new Delivery.NotSent()));
      if (!isClosing()) {
        explain(e);
      }
      closing.await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void explain(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    fault = cause.toString();
    LOG.warn("Could not create reply topics, trying again: {}", fault);
  }

  private void sweep() throws InterruptedException {
    try {
      sweeper.sweep();
    } catch (RuntimeException e) {
      // To throw would end the thread.
      LOG.warn("Deleting reply topics failed, trying again", e);
    }
  }
}
