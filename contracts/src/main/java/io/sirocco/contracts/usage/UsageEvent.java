package io.sirocco.contracts.usage;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * What one request record used, on {@code chat.usage}; its key is the user.
 *
 * <p>It speaks of the request <em>record</em>, not of an attempt and not of the request id, which the
 * sender chooses. So every attempt at a record yields the same {@link #id}, and of its copies one
 * counts; and two records that reuse a request id are two events, of which none is hidden. The id
 * rests on the offset: a request topic that was deleted and made again under its name would repeat
 * its ids, so names of request topics are not used again while copies are looked for.
 *
 * <p>The tokens are those that are billed: what a request used before it failed, a prefix that was
 * computed again after a crash once.
 *
 * <p>Immutable.
 *
 * @param user who pays
 * @param model the model that answered, by its served name
 * @param requestId the id that the sender gave the request, or the worker for want of one
 * @param requestTopic the topic of the request record
 * @param requestPartition its partition
 * @param requestOffset its offset
 * @param promptTokens tokens of the rendered conversation, cached ones included
 * @param cachedTokens how many of them came from a cache
 * @param completionTokens tokens generated
 * @param outcome how it ended: {@code stop}, {@code length} or the code of an error
 * @param requestedMillis the timestamp of the request record, in milliseconds since the epoch
 * @param endedMillis when the answer ended, in milliseconds since the epoch: the time of the event,
 *     by which it is priced and put into a window
 */
public record UsageEvent(
    @JsonProperty("user") String user,
    @JsonProperty("model") String model,
    @JsonProperty("request_id") String requestId,
    @JsonProperty("request_topic") String requestTopic,

    @JsonProperty(value = "request_partition", required = true)
    int requestPartition,

    @JsonProperty(value = "request_offset", required = true) long requestOffset,
    @JsonProperty(value = "prompt_tokens", required = true) int promptTokens,
    @JsonProperty(value = "cached_tokens", required = true) int cachedTokens,

    @JsonProperty(value = "completion_tokens", required = true)
    int completionTokens,

    @JsonProperty("outcome") String outcome,
    @JsonProperty(value = "requested_ms", required = true) long requestedMillis,
    @JsonProperty(value = "ended_ms", required = true) long endedMillis) {

  /** The CloudEvents type of the event. */
  public static final String TYPE = "io.sirocco.usage.v1";

  /** The CloudEvents source of the event. */
  public static final String SOURCE = "/sirocco/worker";

  private static final Set<String> ANSWERED = Set.of("stop", "length");

  public UsageEvent {
    requireText("user", user);
    requireText("model", model);
    requireText("request_id", requestId);
    requireText("request_topic", requestTopic);
    requireText("outcome", outcome);
    requireCount("request_partition", requestPartition);
    requireCount("request_offset", requestOffset);
    requireCount("prompt_tokens", promptTokens);
    requireCount("cached_tokens", cachedTokens);
    requireCount("completion_tokens", completionTokens);
    if (cachedTokens > promptTokens) {
      throw new IllegalArgumentException(
          "expected at most the %d prompt_tokens as cached_tokens,".formatted(promptTokens)
              + " found " + cachedTokens);
    }
    EpochMillis.require("requested_ms", requestedMillis);
    EpochMillis.require("ended_ms", endedMillis);
  }

  /** The same for all copies of the event: topic, partition and offset of the request record. */
  public String id() {
    // No topic has a slash in its name.
    return requestTopic + "/" + requestPartition + "/" + requestOffset;
  }

  /** Whether the request got no complete answer. */
  public boolean failed() {
    return !ANSWERED.contains(outcome);
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
