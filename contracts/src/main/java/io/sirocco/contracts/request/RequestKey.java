package io.sirocco.contracts.request;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.topic.RequestIds;
import org.jspecify.annotations.Nullable;

/**
 * By whom and under which id a request was written: the key on {@code chat.control} and {@code
 * chat.streams}.
 *
 * <p>The user is a part of it, so that ids of two users never meet: what one writes under an id is
 * neither seen nor overwritten by another.
 *
 * <p>Immutable.
 *
 * @param user who pays for the request, {@value #ANONYMOUS} if nobody was named; null, on {@code
 *     chat.control} alone: whoever it is
 * @param requestId the request's id
 */
public record RequestKey(
    @JsonProperty("user") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
    String user,

    @JsonProperty("request_id") String requestId) {
  /** Who pays when a request names nobody. */
  public static final String ANONYMOUS = "anonymous";

  public RequestKey {
    requireNonNull(requestId, "request_id");
    if (!RequestIds.isUsable(requestId)) {
      throw new IllegalArgumentException("expected 1 to " + RequestIds.MOST_BYTES
          + " bytes in request_id, found " + requestId.length() + " characters");
    }
  }

  /** Returns the key of a request of {@code user}; null or empty text: of nobody in particular. */
  public static RequestKey of(@Nullable String user, String requestId) {
    return new RequestKey(user == null || user.isEmpty() ? ANONYMOUS : user, requestId);
  }

  /** Returns the key that means the request under that id, whoever wrote it. */
  public static RequestKey ofAnyUser(String requestId) {
    return new RequestKey(null, requestId);
  }

  /** Whether this key means a request that {@code user} wrote under {@code requestId}. */
  public boolean means(String user, String requestId) {
    return this.requestId.equals(requestId) && (this.user == null || this.user.equals(user));
  }
}
