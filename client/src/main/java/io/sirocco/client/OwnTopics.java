package io.sirocco.client;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A topic for every answer, created ahead in batches and read by the hub before it is needed; it is
 * deleted when its request is closed, or used again, as the settings say.
 *
 * <p>A topic that nobody took for long is replaced, so that the janitor may delete what is old.
 *
 * <p>Thread-safe. A thread of its own creates and deletes.
 */
final class OwnTopics implements ReplyTopics {
  private static final Logger LOG = LoggerFactory.getLogger(OwnTopics.class);
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
  private final InstantSource clock;
  private final boolean pooled;
  private final BlockingQueue<Ready> ready = new LinkedBlockingQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger leased = new AtomicInteger();
  private final Semaphore taken = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile @Nullable String fault;

  // Of the thread.
  private long nextNumber;

  private record Ready(ReplyAddress address, Instant since, boolean used) {}

  OwnTopics(
      ClientSettings settings,
      String clientId,
      ReplyTopicAdmin admin,
      ReplyHub hub,
      InstantSource clock) {
    this.settings = settings;
    this.clientId = clientId;
    this.admin = admin;
    this.hub = hub;
    this.clock = clock;
    this.pooled = settings.replyTopicMode() == ReplyTopicMode.POOL;
    this.sweeper = new TopicSweeper(
        admin, hub, settings.deleteDelay(), clock, pooled ? this::useAgain : List::copyOf);
    this.thread = new Thread(this::run, clientId + "-topics");
    thread.setDaemon(true);
  }

  /** Begins to create topics, and to sweep. */
  void start() {
    thread.start();
  }

  @Override
  public ReplyAddress lease() throws TimeoutException, InterruptedException {
    Deadline deadline = Deadline.after(settings.submitTimeout());
    ReplyAddress topic = take(deadline);
    while (hub.position(topic.partition()) == null) {
      // The hub lost its place and reads it no more: an answer there would never be seen.
      sweeper.discard(topic);
      topic = take(deadline);
    }
    leased.incrementAndGet();
    return pooled ? atItsEnd(topic) : topic;
  }

  private ReplyAddress take(Deadline deadline) throws TimeoutException, InterruptedException {
    Ready topic = ready.poll();
    if (topic == null) {
      waiting.incrementAndGet();
      try {
        taken.release();
        topic = ready.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
      } finally {
        waiting.decrementAndGet();
      }
    }
    if (topic == null) {
      throw new TimeoutException("expected a reply topic within "
          + settings.submitTimeout().toMillis() + " ms, found none"
          + (fault == null ? "" : ": " + fault));
    }
    taken.release();
    return topic.address();
  }

  /** Late records of the answer before may have moved the end; where the hub stands is not beyond it. */
  private ReplyAddress atItsEnd(ReplyAddress address) {
    Long position = hub.position(address.partition());
    return position == null ? address : new ReplyAddress(address.partition(), position);
  }

  @Override
  public void answered(ReplyAddress address) {
    if (!pooled) {
      hub.finish(address);
    }
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
      boolean kept = settings.answersKept();
      ready.forEach(topic -> {
        if (!kept || !topic.used()) {
          sweeper.discard(topic.address());
        }
      });
      ready.clear();
      if (kept) {
        sweeper.deleteDiscarded(deadline);
        return;
      }
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
        replaceOld();
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
    return missing() > 0;
  }

  /** How many are to be made now. Those who wait may be about to take what is ready. */
  private int missing() {
    int waits = waiting.get();
    int there = ready.size();
    return there <= settings.refillAt() || waits > 0
        ? Math.max(0, settings.readyTopics() - there + waits)
        : 0;
  }

  /** Makes those that are missing; of the thread. */
  void refill() throws InterruptedException {
    int count = missing();
    if (count == 0) {
      return;
    }
    List<ReplyAddress> batch = LongStream.range(nextNumber, nextNumber + count)
        .mapToObj(number -> ReplyAddress.singleUse(Topics.replies(clientId, number)))
        .toList();
    nextNumber += count;
    try {
      Set<String> created =
          admin.create(batch.stream().map(ReplyAddress::topic).toList(), CREATE_PATIENCE);
      Map<Boolean, List<ReplyAddress>> split =
          batch.stream().collect(Collectors.partitioningBy(it -> created.contains(it.topic())));
      // The names are this client's own: one that was there is of a creation whose answer was lost.
      List<ReplyAddress> fresh = split.getOrDefault(true, List.of());
      split.getOrDefault(false, List.of()).forEach(sweeper::discard);
      hub.add(fresh).get(CREATE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      fault = null;
      makeReady(fresh, false);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      // Some of them may be there all the same.
      batch.forEach(sweeper::discard);
      if (!isClosing() && !(e.getCause() instanceof ClientClosedException)) {
        explain(e);
      }
      closing.await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void makeReady(List<ReplyAddress> addresses, boolean used) {
    Instant now = clock.instant();
    addresses.forEach(address -> ready.add(new Ready(address, now, used)));
  }

  /** Takes those that are to be used again, which the hub still reads, and returns the rest. */
  List<ReplyAddress> useAgain(List<ReplyAddress> closed) {
    Map<Boolean, List<ReplyAddress>> split = closed.stream()
        .collect(Collectors.partitioningBy(it -> hub.position(it.partition()) != null));
    makeReady(split.getOrDefault(true, List.of()), true);
    return split.getOrDefault(false, List.of());
  }

  private void replaceOld() {
    Instant oldest = clock.instant().minus(settings.replyRetention().dividedBy(2));
    for (Ready topic = ready.peek(); topic != null && topic.since().isBefore(oldest); ) {
      if (ready.remove(topic)) {
        sweeper.discard(topic.address());
      }
      topic = ready.peek();
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
