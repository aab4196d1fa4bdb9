package io.sirocco.contracts.usage;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;

/**
 * What a reader saw of an answer that it read to its end, on {@code chat.receipts}; its key is the
 * user. The bill is held against it.
 *
 * <p>All readers of one answer write the same receipt, whenever they read it: {@link #id} is the place
 * of the answer's last record.
 *
 * <p>Immutable.
 *
 * @param user who pays, as the reader knows it
 * @param requestId the request's id
 * @param replyTopic the topic of the answer
 * @param replyPartition its partition
 * @param replyOffset the offset of the answer's last record
 * @param promptTokens tokens of the conversation, as the last record says
 * @param cachedTokens how many of them came from a cache, as the last record says
 * @param completionTokens tokens generated, as the last record says
 * @param seenTokens tokens of the deltas that counted, as the reader counted them
 * @param outcome how the answer ended: {@code stop}, {@code length} or the code of an error
 * @param endedMillis the timestamp of the last record, in milliseconds since the epoch
 */
public record Receipt(
    @JsonProperty("user") String user,
    @JsonProperty("request_id") String requestId,
    @JsonProperty("reply_topic") String replyTopic,

    @JsonProperty(value = "reply_partition", required = true)
    int replyPartition,

    @JsonProperty(value = "reply_offset", required = true) long replyOffset,
    @JsonProperty(value = "prompt_tokens", required = true) int promptTokens,
    @JsonProperty(value = "cached_tokens", required = true) int cachedTokens,

    @JsonProperty(value = "completion_tokens", required = true)
    int completionTokens,

    @JsonProperty(value = "seen_tokens", required = true) int seenTokens,
    @JsonProperty("outcome") String outcome,
    @JsonProperty(value = "ended_ms", required = true) long endedMillis) {

  /** The CloudEvents type of the event. */
  public static final String TYPE = "io.sirocco.receipt.v1";

  /** The CloudEvents source of a receipt that a client wrote. */
  public static final String SOURCE = "/sirocco/client";

  public Receipt {
    requireText("user", user);
    requireText("request_id", requestId);
    requireText("reply_topic", replyTopic);
    requireText("outcome", outcome);
    requireCount("reply_partition", replyPartition);
    requireCount("reply_offset", replyOffset);
    requireCount("prompt_tokens", promptTokens);
    requireCount("cached_tokens", cachedTokens);
    requireCount("completion_tokens", completionTokens);
    requireCount("seen_tokens", seenTokens);
    EpochMillis.require("ended_ms", endedMillis);
  }

  /** The same for all copies: topic, partition and offset of the answer's last record. */
  public String id() {
    // No topic has a slash in its name.
    return replyTopic + "/" + replyPartition + "/" + replyOffset;
  }

  /** The record's headers, which make it a CloudEvent in binary mode; values are UTF-8 text. */
  public Map<String, String> headers() {
    return CloudEvent.headers(id(), SOURCE, TYPE, user, Instant.ofEpochMilli(endedMillis));
  }

  private static void requireText(String member, String text) {
    if (requireNonNull(text, member).isEmpty()) {
      throw new IllegalArgumentException("expected a text as " + member + ", found an empty one");
    }
  }

  private static void requireCount(String member, long count) {
    if (count < 0) {
      throw new IllegalArgumentException("expected 0 or more as " + member + ", found " + count);
    }
  }
}
