package io.sirocco.client;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: fails its answer when the record cannot be sent, and gives the reply topic
 * back once both the place of the record and the end of the answer are known, in either order.
 *
 * <p>Thread-safe.
 */
final class Submission implements Callback {
  private final ClientSettings settings;
  private final String requestTopic;
  private final OpenAnswer answer;
  private final ReplyAddress address;
  private final ReplyTopics topics;
  private final Thread submitter = Thread.currentThread();
  private @Nullable Delivery delivery;
  private boolean ended;
  private boolean retired;

  Submission(
      ClientSettings settings,
      String requestTopic,
      OpenAnswer answer,
      ReplyAddress address,
      ReplyTopics topics) {
    this.settings = settings;
    this.requestTopic = requestTopic;
    this.answer = answer;
    this.address = address;
    this.topics = topics;
  }

  @Override
  public void onCompletion(RecordMetadata place, @Nullable Exception fault) {
    if (fault == null) {
      learn(
          new Delivery.Sent(new TopicPartition(place.topic(), place.partition()), place.offset()));
    } else {
      fail(fault);
    }
  }

  /** Learns that the record could not be sent. */
  void fail(Exception fault) {
    boolean mayBeThere = mayBeThere(fault);
    learn(mayBeThere ? new Delivery.Unknown() : new Delivery.NotSent());
    answer.fail(new SubmitFailedException(message(fault, mayBeThere), fault));
  }

  /**
   * Whether the record may stand in its topic, now or later. What fails before the producer has taken
   * it up fails on the thread that submits it, and some faults are a refusal by the broker. After any
   * other, among them the end of a producer that is closed, a worker may answer.
   */
  private boolean mayBeThere(Exception fault) {
    return Thread.currentThread() != submitter
        && !(fault instanceof RecordTooLargeException)
        && !(fault instanceof AuthorizationException);
  }

  /** Learns that nobody waits for the answer any more, and why if it failed. */
  synchronized void answerEnded(@Nullable SiroccoException failure) {
    // After the client was closed, a worker still answers: the topic is needed.
    ended = !(failure instanceof ClientClosedException);
    retireWhenOver();
  }

  private synchronized void learn(Delivery delivery) {
    this.delivery = delivery;
    retireWhenOver();
  }

  private void retireWhenOver() {
    if (delivery != null && !retired && (ended || delivery instanceof Delivery.NotSent)) {
      retired = true;
      topics.retire(address, delivery);
    }
  }

  private String message(Exception fault, boolean mayBeThere) {
    String where = "request " + answer.requestId() + " to topic '" + requestTopic + "'";
    if (fault.getCause() instanceof UnknownTopicOrPartitionException) {
      return where + ": expected the topic to exist on " + settings.bootstrapServers()
          + ", found none within " + settings.submitTimeout().toMillis() + " ms";
    }
    return where
        + (mayBeThere ? " may not have been written: " : " could not be written: ")
        + fault.getMessage();
  }
}
