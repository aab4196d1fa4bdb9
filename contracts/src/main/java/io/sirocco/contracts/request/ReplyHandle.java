package io.sirocco.contracts.request;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.topic.Topics;

/**
 * All that is needed to read an answer from anywhere: to be kept where a process that may end keeps
 * what it will need, and never to be taken from somebody who may read one answer and not all.
 *
 * <p>Immutable.
 *
 * @param user who pays for the request
 * @param requestId the request's id
 * @param replyTopic the topic with the answer
 * @param replyPartition its partition
 * @param replyOffset the offset from which the answer is read
 */
public record ReplyHandle(
    @JsonProperty("user") String user,
    @JsonProperty("request_id") String requestId,
    @JsonProperty("reply_topic") String replyTopic,

    @JsonProperty(value = "reply_partition", required = true)
    int replyPartition,

    @JsonProperty(value = "reply_offset", required = true) long replyOffset) {

  public ReplyHandle {
    requireNonNull(user, "user");
    requireNonNull(requestId, "request_id");
    if (!Topics.isLegal(requireNonNull(replyTopic, "reply_topic"))) {
      throw new IllegalArgumentException(
          "expected a topic's name in reply_topic, found '" + replyTopic + "'");
    }
    if (replyPartition < 0 || replyOffset < 0) {
      throw new IllegalArgumentException("expected 0 or more in reply_partition and reply_offset,"
          + " found " + replyPartition + " and " + replyOffset);
    }
  }

  /** The key of the request. */
  public RequestKey key() {
    return new RequestKey(user, requestId);
  }

  /** Returns the handle as text, which {@link #parse} reads in this version and all later ones. */
  public String text() {
    return new JsonCodec().write(this);
  }

  /**
   * Reads the text of a handle.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static ReplyHandle parse(String text) {
    try {
      return new JsonCodec().read(text, ReplyHandle.class);
    } catch (MalformedJsonException e) {
      throw new IllegalArgumentException("expected the text of a handle: " + e.getMessage(), e);
    }
  }
}
