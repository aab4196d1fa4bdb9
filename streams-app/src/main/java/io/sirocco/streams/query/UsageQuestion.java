package io.sirocco.streams.query;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.streams.topology.UsageStores;
import org.jspecify.annotations.Nullable;

/**
 * Which windows are asked for.
 *
 * <p>Immutable.
 *
 * @param window how long the windows are
 * @param fromMillis the first start of a window that is wanted, in milliseconds since the epoch
 * @param toMillis the first one that is not wanted any more
 * @param user the user, or null for all, or {@link UsageStores#ALL_USERS} for all of them together,
 *     which is far less to look at
 * @param model the model, or null for all
 */
public record UsageQuestion(
    @JsonProperty("window") WindowSize window,
    @JsonProperty(value = "from_ms", required = true) long fromMillis,
    @JsonProperty(value = "to_ms", required = true) long toMillis,
    @JsonProperty("user") @Nullable String user,
    @JsonProperty("model") @Nullable String model) {

  public UsageQuestion {
    requireNonNull(window, "window");
  }

  /** Returns the same question; where it is about all users, without telling them apart. */
  public UsageQuestion together() {
    return user == null ? ofAllUsers() : this;
  }

  /** Returns the same question about all users, without telling them apart. */
  UsageQuestion ofAllUsers() {
    return new UsageQuestion(window, fromMillis, toMillis, UsageStores.ALL_USERS, model);
  }

  /** Returns the same question about windows of another size. */
  public UsageQuestion in(WindowSize other) {
    return new UsageQuestion(other, fromMillis, toMillis, user, model);
  }

  /** Whether it is about a window of that size, time and model. */
  boolean asksFor(WindowSize size, long startMillis, String ofModel) {
    return size == window
        && startMillis >= fromMillis
        && startMillis < toMillis
        && (model == null || model.equals(ofModel));
  }
}
