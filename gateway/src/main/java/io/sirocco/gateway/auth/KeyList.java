package io.sirocco.gateway.auth;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * All API keys: the content of a file of keys.
 *
 * <p>Immutable.
 *
 * @param keys the keys
 */
public record KeyList(@JsonProperty("keys") List<ApiKey> keys) {
  public KeyList {
    keys = List.copyOf(requireNonNull(keys, "keys"));
  }
}
