package io.sirocco.client;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition of the topic that all clients share, for all answers of this one.
 *
 * <p>Thread-safe; whoever comes first finds the partition, and the others wait.
 */
final class SharedTopic implements ReplyTopics {
  private final ReplyTopicAdmin admin;
  private final ReplyHub hub;
  private final Duration patience;
  private final RandomGenerator random;
  private @Nullable TopicPartition partition;

  /** @param random picks the partition, so that clients spread over all of them */
  SharedTopic(ReplyTopicAdmin admin, ReplyHub hub, Duration patience, RandomGenerator random) {
    this.admin = admin;
    this.hub = hub;
    this.patience = patience;
    this.random = random;
  }

  /** The answer begins nowhere before the place that the hub has read up to. */
  @Override
  public ReplyAddress lease() throws TimeoutException, InterruptedException {
    TopicPartition mine = partition();
    Long position = hub.position(mine);
    if (position == null) {
      throw new TimeoutException("expected to read " + mine + ", found that its records were lost");
    }
    return new ReplyAddress(mine, position);
  }

  private synchronized TopicPartition partition() throws TimeoutException, InterruptedException {
    TopicPartition mine = partition;
    if (mine == null || hub.position(mine) == null) {
      try {
        ReplyAddress end = anyEnd(Deadline.after(patience));
        hub.add(List.of(end)).get(patience.toNanos(), TimeUnit.NANOSECONDS);
        mine = end.partition();
        partition = mine;
      } catch (ExecutionException e) {
        TimeoutException none = new TimeoutException(
            "expected topic '" + Topics.SHARED_REPLIES + "', found: " + e.getCause());
        none.initCause(e);
        throw none;
      }
    }
    return mine;
  }

  private ReplyAddress anyEnd(Deadline deadline)
      throws ExecutionException, InterruptedException, TimeoutException {
    List<ReplyAddress> ends = admin.sharedEnds(Topics.SHARED_REPLIES, deadline).stream()
        .sorted(Comparator.comparingInt(end -> end.partition().partition()))
        .toList();
    return ends.get(random.nextInt(ends.size()));
  }

  @Override
  public void answered(ReplyAddress address) {
    // The next answer is read there as well.
  }

  @Override
  public void retire(ReplyAddress address, Delivery delivery) {
    // The topic outlives all clients.
  }

  @Override
  public void close(Deadline deadline) {
    // Nothing is this client's own.
  }
}
