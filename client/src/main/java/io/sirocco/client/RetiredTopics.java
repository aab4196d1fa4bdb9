package io.sirocco.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The reply topics that nobody needs for long, and which of them may go.
 *
 * <p>A worker that takes a request over looks into its reply topic first. So a topic may go when the
 * request is closed, which is when the workers' group has committed past it, and the delay has passed
 * for readers that come late. Where the client cannot know, it waits ten times the delay instead.
 *
 * <p>Thread-safe.
 */
final class RetiredTopics {
  private static final int PATIENCE_IN_THE_DARK = 10;

  private record Retired(ReplyAddress address, Delivery delivery, Instant endedAt) {}

  private final Duration delay;
  private final List<Retired> retired = new ArrayList<>();

  RetiredTopics(Duration delay) {
    this.delay = delay;
  }

  synchronized void add(ReplyAddress address, Delivery delivery, Instant endedAt) {
    retired.add(new Retired(address, delivery, endedAt));
  }

  synchronized int size() {
    return retired.size();
  }

  /** Whether it is worth a look at the committed offsets. */
  synchronized boolean anyDue(Instant now) {
    return retired.stream().anyMatch(topic -> isOver(topic, delay, now));
  }

  /** The request topics whose workers' commits decide about the topics here. */
  synchronized Set<String> requestTopics() {
    return retired.stream()
        .map(Retired::delivery)
        .filter(Delivery.Sent.class::isInstance)
        .map(delivery -> ((Delivery.Sent) delivery).partition().topic())
        .collect(Collectors.toSet());
  }

  /**
   * Removes and returns the topics that may go now.
   *
   * @param commits what the client may know of how far the workers are
   */
  synchronized List<ReplyAddress> takeDeletable(Instant now, Commits commits) {
    return take(topic -> canBeKnown(topic, commits)
        ? isOver(topic, delay, now) && isClosed(topic, commits)
        : isOver(topic, delay.multipliedBy(PATIENCE_IN_THE_DARK), now));
  }

  /** Removes and returns the topics whose requests are closed, however short a time ago. */
  synchronized List<ReplyAddress> takeClosed(Commits commits) {
    return take(topic -> isClosed(topic, commits));
  }

  private List<ReplyAddress> take(Predicate<Retired> which) {
    Map<Boolean, List<Retired>> split = retired.stream().collect(Collectors.partitioningBy(which));
    retired.clear();
    retired.addAll(split.getOrDefault(false, List.of()));
    return split.getOrDefault(true, List.of()).stream().map(Retired::address).toList();
  }

  private static boolean isOver(Retired topic, Duration wait, Instant now) {
    return topic.delivery() instanceof Delivery.NotSent
        || !topic.endedAt().plus(wait).isAfter(now);
  }

  private static boolean isClosed(Retired topic, Commits commits) {
    return topic.delivery() instanceof Delivery.NotSent
        || (topic.delivery() instanceof Delivery.Sent sent && commits.areBeyond(sent));
  }

  private static boolean canBeKnown(Retired topic, Commits commits) {
    return topic.delivery() instanceof Delivery.NotSent
        || (topic.delivery() instanceof Delivery.Sent sent && commits.canTell(sent));
  }
}
