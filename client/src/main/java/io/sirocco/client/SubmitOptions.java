package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.RequestIds;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What goes with a request beside its body.
 *
 * <p>Immutable.
 */
public final class SubmitOptions {
  private static final SubmitOptions NONE = builder().build();

  private final @Nullable String requestId;
  private final @Nullable String user;
  private final @Nullable String recordKey;
  private final byte @Nullable [] correlationId;
  private final @Nullable Instant deadline;
  private final boolean progress;
  private final Map<String, String> headers;
  private final boolean listed;

  private SubmitOptions(Builder builder) {
    this.requestId = builder.requestId;
    this.user = builder.user;
    this.recordKey = builder.recordKey;
    this.correlationId = builder.correlationId;
    this.deadline = builder.deadline;
    this.progress = builder.progress;
    this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(builder.headers));
    this.listed = builder.listed;
  }

  /** Returns options with nothing set. */
  public static SubmitOptions none() {
    return NONE;
  }

  /** Returns a builder with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /** The request's id; null: a new one. */
  public @Nullable String requestId() {
    return requestId;
  }

  /** Who pays; null: the request's own {@code user}, if it has one. */
  public @Nullable String user() {
    return user;
  }

  /** The record's key, on which its partition depends; null: one made from the request. */
  public @Nullable String recordKey() {
    return recordKey;
  }

  /** Bytes that every record of the answer repeats, or null. */
  public byte @Nullable [] correlationId() {
    return correlationId == null ? null : correlationId.clone();
  }

  /** When the answer is of no use any more, or null when that never comes. */
  public @Nullable Instant deadline() {
    return deadline;
  }

  /** Whether readers are told their place while the request waits. */
  public boolean progress() {
    return progress;
  }

  /** Whether it is written down where the answer lives. */
  public boolean listed() {
    return listed;
  }

  /** Further headers of the request record. */
  public Map<String, String> headers() {
    return headers;
  }

  /**
   * Collects options.
   *
   * <p>Not thread-safe.
   */
  public static final class Builder {
    private static final Set<String> RESERVED = Set.of(
        Headers.REPLY_TOPIC,
        Headers.REPLY_PARTITION,
        Headers.REPLY_OFFSET,
        Headers.REQUEST_ID,
        Headers.USER,
        Headers.CORRELATION_ID,
        Headers.DEADLINE_MS,
        Headers.PROGRESS);

    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable String requestId;
    private @Nullable String user;
    private @Nullable String recordKey;
    private byte @Nullable [] correlationId;
    private @Nullable Instant deadline;
    private boolean progress = true;
    private boolean listed;

    private Builder() {}

    /**
     * Sets the request's id, which stands on every record of the answer; null: a new one. With the user
     * it says which request this is: one that is submitted again with the same body is led to the first
     * answer, and billed once, as long as that answer is there; with another body it fails with {@code
     * request_id_conflict}. That is sure for requests with the same record key; with different ones, two
     * workers may meet them at the same moment, and answer both.
     *
     * <p>On a topic that clients share, as with {@link ReplyTopicMode#SHARED}, answers are told apart by
     * the id alone: choose none there that another user may choose, such as one with the user in it.
     *
     * @throws IllegalArgumentException unless it is text of 1 to {@value RequestIds#MOST_BYTES} bytes
     *     in UTF-8
     */
    public Builder requestId(@Nullable String requestId) {
      if (requestId != null && !RequestIds.isUsable(requestId)) {
        throw new IllegalArgumentException(
            "expected a request id of 1 to %d bytes in UTF-8, found one of %d"
                .formatted(RequestIds.MOST_BYTES, requestId.getBytes(UTF_8).length));
      }
      this.requestId = requestId;
      return this;
    }

    /**
     * Sets whether it is written to {@code chat.streams} where the answer lives, so that any process
     * finds it by user and id; default: false. From then on the id is this request's, be it refused: to
     * ask again, with a body that was corrected, takes a new id.
     */
    public Builder listed(boolean listed) {
      this.listed = listed;
      return this;
    }

    /** Sets who pays. */
    public Builder user(@Nullable String user) {
      this.user = user;
      return this;
    }

    /** Sets the record's key; requests of equal keys are taken up in order by one worker. */
    public Builder recordKey(@Nullable String recordKey) {
      this.recordKey = recordKey;
      return this;
    }

    /** Sets bytes that every record of the answer repeats. */
    public Builder correlationId(byte[] correlationId) {
      this.correlationId = correlationId.clone();
      return this;
    }

    /** Sets text that every record of the answer repeats. */
    public Builder correlationId(String correlationId) {
      return correlationId(correlationId.getBytes(UTF_8));
    }

    /**
     * Sets when the answer is of no use any more, by the clock of the worker, in milliseconds. A request
     * that still waits then costs nothing; an answer that is under way ends where it stands. Either ends
     * with a {@link ChatFailedException} of the code {@code deadline_exceeded}. Null: never.
     *
     * @throws IllegalArgumentException when it is before 1970, or cannot be said in milliseconds
     */
    public Builder deadline(@Nullable Instant deadline) {
      if (deadline != null && millis(deadline) < 0) {
        throw new IllegalArgumentException("expected a deadline from 1970 on, found " + deadline);
      }
      this.deadline = deadline;
      return this;
    }

    private static long millis(Instant deadline) {
      try {
        return deadline.toEpochMilli();
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "expected a deadline that can be said in milliseconds, found " + deadline, e);
      }
    }

    /** Sets whether readers are told their place while the request waits; they are by default. */
    public Builder progress(boolean progress) {
      this.progress = progress;
      return this;
    }

    /**
     * Sets a further header of the request record, such as {@code traceparent}.
     *
     * @throws IllegalArgumentException for a header that the client sets itself
     * @throws NullPointerException when the name or the value is null
     */
    public Builder header(String name, String value) {
      if (RESERVED.contains(name)) {
        throw new IllegalArgumentException(
            "expected a header that the client does not set itself, found '" + name + "'");
      }
      headers.put(name, requireNonNull(value, name));
      return this;
    }

    /** Returns the options. */
    public SubmitOptions build() {
      return new SubmitOptions(this);
    }
  }
}
