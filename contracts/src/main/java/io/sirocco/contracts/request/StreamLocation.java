package io.sirocco.contracts.request;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.topic.Topics;

/**
 * Where the answer to a request lives: the value on {@code chat.streams}, under a {@link RequestKey}
 * with a user.
 *
 * <p>Immutable.
 *
 * @param replyTopic the reply topic
 * @param replyPartition its partition
 * @param replyOffset the offset from which the answer is read
 * @param fingerprint that of the request's body, see {@link RequestFingerprint}
 * @param requestTopic the topic of the request record
 * @param requestPartition its partition
 * @param requestOffset its offset
 * @param requestedMillis the timestamp of the request record, in milliseconds since the epoch
 */
public record StreamLocation(
    @JsonProperty("reply_topic") String replyTopic,
    @JsonProperty("reply_partition") int replyPartition,
    @JsonProperty("reply_offset") long replyOffset,
    @JsonProperty("fingerprint") String fingerprint,
    @JsonProperty("request_topic") String requestTopic,
    @JsonProperty("request_partition") int requestPartition,
    @JsonProperty("request_offset") long requestOffset,
    @JsonProperty("requested_ms") long requestedMillis) {

  public StreamLocation {
    requireTopic("reply_topic", replyTopic);
    requireTopic("request_topic", requestTopic);
    requireNonNull(fingerprint, "fingerprint");
    requirePlace("reply_partition", replyPartition);
    requirePlace("reply_offset", replyOffset);
    requirePlace("request_partition", requestPartition);
    requirePlace("request_offset", requestOffset);
  }

  private static void requireTopic(String member, String topic) {
    if (!Topics.isLegal(requireNonNull(topic, member))) {
      throw new IllegalArgumentException(
          "expected a topic's name in %s, found '%s'".formatted(member, topic));
    }
  }

  private static void requirePlace(String member, long place) {
    if (place < 0) {
      throw new IllegalArgumentException(
          "expected 0 or more in %s, found %d".formatted(member, place));
    }
  }
}
