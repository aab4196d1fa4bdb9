package io.sirocco.gateway.auth;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an API key allows; the key itself is known to its owner alone.
 *
 * <p>Immutable.
 *
 * @param sha256 the SHA-256 of the key, 64 hexadecimal digits
 * @param user who pays for what is asked with it
 * @param models the models that may be asked, by name or alias; null: all
 * @param maxStreams how many answers may be read at once, and as many again go on without a reader;
 *     null: as many as the gateway has room for
 */
public record ApiKey(
    @JsonProperty("sha256") String sha256,
    @JsonProperty("user") String user,
    @JsonProperty("models") @Nullable List<String> models,
    @JsonProperty("max_streams") @Nullable Integer maxStreams) {
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");
  private static final int LONGEST_USER = 200;

  public ApiKey {
    if (!SHA_256.matcher(requireNonNull(sha256, "sha256")).matches()) {
      throw new IllegalArgumentException("expected 64 hexadecimal digits in sha256");
    }
    if (requireNonNull(user, "user").isEmpty() || user.length() > LONGEST_USER) {
      throw new IllegalArgumentException("expected 1 to 200 characters in user");
    }
    if (maxStreams != null && maxStreams < 1) {
      throw new IllegalArgumentException("expected 1 or more in max_streams, found " + maxStreams);
    }
    models = models == null ? null : List.copyOf(models);
  }
}
