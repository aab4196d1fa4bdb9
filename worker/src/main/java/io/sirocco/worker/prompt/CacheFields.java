package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.InvalidRequestException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about sharing the computation of its prompt.
 *
 * <p>Immutable.
 *
 * @param used {@code use_cache}: whether it is shared at all; absent: yes
 * @param salt {@code cache_salt}: it is shared with requests that name the same salt; absent: with those
 *     that name none
 */
public record CacheFields(boolean used, @Nullable String salt) {
  private static final RequestField<Boolean> USE_CACHE = FieldKinds.flag(
      "use_cache", true, "False takes nothing from the prefix cache and leaves nothing in it.");
  private static final RequestField<String> CACHE_SALT = FieldKinds.text(
      "cache_salt",
      1,
      1024,
      "none",
      "The computation of the prompt is shared among requests with the same salt.");

  /** In the order of the reference. */
  static final List<RequestField<?>> ALL = List.of(USE_CACHE, CACHE_SALT);

  /** Reads the fields. */
  static CacheFields read(RequestFields fields) throws InvalidRequestException {
    String salt = CACHE_SALT.in(fields);
    return new CacheFields(USE_CACHE.in(fields), salt.isEmpty() ? null : salt);
  }
}
