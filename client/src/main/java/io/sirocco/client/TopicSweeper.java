package io.sirocco.client;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes retired reply topics in batches, or gives them back to be used again, with one look at the
 * workers' commits for each batch and request topic.
 *
 * <p>{@link #retire} and {@link #discard} are thread-safe; the rest is confined to the thread that tends the topics.
 */
final class TopicSweeper {
  private static final Logger LOG = LoggerFactory.getLogger(TopicSweeper.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long COMMIT_POLL_MILLIS = 100;

  private final ReplyTopicAdmin admin;
  private final ReplyHub hub;
  private final InstantSource clock;
  private final RetiredTopics retired;
  private final Queue<ReplyAddress> discarded = new ConcurrentLinkedQueue<>();
  private final UnaryOperator<List<ReplyAddress>> reuse;
  private final Set<String> saidBlind = new HashSet<>();

  /**
   * @param reuse takes of the topics of closed requests those that are to be used again, and returns
   *     those that are to be deleted
   */
  TopicSweeper(
      ReplyTopicAdmin admin,
      ReplyHub hub,
      Duration deleteDelay,
      InstantSource clock,
      UnaryOperator<List<ReplyAddress>> reuse) {
    this.admin = admin;
    this.hub = hub;
    this.clock = clock;
    this.reuse = reuse;
    this.retired = new RetiredTopics(deleteDelay);
  }

  void retire(ReplyAddress address, Delivery delivery) {
    retired.add(address, delivery, clock.instant());
  }

  /** Takes a topic that no request knows, and that may not even exist. */
  void discard(ReplyAddress address) {
    discarded.add(address);
  }

  /** Deletes what may go by now. Never throws for the broker's sake: the next sweep tries again. */
  void sweep() throws InterruptedException {
    if (retired.anyDue(clock.instant())) {
      try {
        Commits commits = commits(Deadline.after(PATIENCE));
        discarded.addAll(reuse.apply(retired.takeDeletable(clock.instant(), commits)));
      } catch (ExecutionException | TimeoutException e) {
        LOG.warn("Could not look for finished requests, trying again: {}", e.toString());
      }
    }
    List<ReplyAddress> deletable = takeDiscarded();
    stopReading(deletable);
    delete(deletable, PATIENCE);
  }

  /**
   * Deletes at once whatever belongs to closed requests, and gives the workers until {@code deadline}
   * to close the rest of those that are answered. The hub no longer reads.
   *
   * @return how many topics are left
   */
  int finish(Deadline deadline) throws InterruptedException {
    discarded.addAll(retired.takeClosed(Commits.NONE));
    delete(takeDiscarded(), deadline.remaining());
    try {
      while (retired.size() + discarded.size() > 0 && !deadline.isPast()) {
        Commits commits = commits(deadline);
        discarded.addAll(retired.takeClosed(commits));
        delete(takeDiscarded(), deadline.remaining());
        if (isBlind(retired.requestTopics(), commits)) {
          break;
        }
        boolean done = retired.size() + discarded.size() == 0;
        TimeUnit.MILLISECONDS.sleep(done ? 0 : COMMIT_POLL_MILLIS);
      }
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("Could not look for finished requests: {}", e.toString());
    }
    return retired.size() + discarded.size();
  }

  /** Deletes at once what no request knows. The hub no longer reads. */
  void deleteDiscarded(Deadline deadline) throws InterruptedException {
    delete(takeDiscarded(), deadline.remaining());
  }

  private List<ReplyAddress> takeDiscarded() {
    List<ReplyAddress> taken = new ArrayList<>();
    for (ReplyAddress next = discarded.poll(); next != null; next = discarded.poll()) {
      taken.add(next);
    }
    return taken;
  }

  private Commits commits(Deadline deadline)
      throws ExecutionException, InterruptedException, TimeoutException {
    Set<String> seen = new HashSet<>();
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (String requestTopic : retired.requestTopics()) {
      String group = Topics.workerGroup(requestTopic);
      Optional<Map<TopicPartition, Long>> committed =
          admin.committed(group, requestTopic, deadline.remaining());
      if (committed.isPresent()) {
        seen.add(requestTopic);
        offsets.putAll(committed.get());
      } else if (saidBlind.add(group)) {
        LOG.warn(
            "No right to describe the group {}: reply topics are kept ten times as long instead",
            group);
      }
    }
    return new Commits(seen, offsets);
  }

  /** Whether there is something to wait for, and nothing of it can be known. */
  private static boolean isBlind(Set<String> requestTopics, Commits commits) {
    return !requestTopics.isEmpty() && Collections.disjoint(requestTopics, commits.seen());
  }

  private void stopReading(Collection<ReplyAddress> addresses) throws InterruptedException {
    if (addresses.isEmpty()) {
      return;
    }
    try {
      hub.remove(addresses).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("The hub still reads topics that are being deleted: {}", e.toString());
    }
  }

  private void delete(Collection<ReplyAddress> addresses, Duration patience)
      throws InterruptedException {
    if (addresses.isEmpty()) {
      return;
    }
    Set<String> left =
        Set.copyOf(admin.delete(addresses.stream().map(ReplyAddress::topic).toList(), patience));
    addresses.stream().filter(address -> left.contains(address.topic())).forEach(discarded::add);
  }
}
