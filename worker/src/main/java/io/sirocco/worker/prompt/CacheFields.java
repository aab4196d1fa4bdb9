package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import java.util.Map;
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
  static final String USE_CACHE = "use_cache";
  static final String CACHE_SALT = "cache_salt";
  private static final int LONGEST_SALT = 1024;

  /** Reads the fields. */
  static CacheFields of(Map<String, @Nullable Object> extra) throws InvalidRequestException {
    Object used = extra.get(USE_CACHE);
    if (used != null && !(used instanceof Boolean)) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_TYPE, USE_CACHE, "'use_cache': expected true or false");
    }
    Object salt = extra.get(CACHE_SALT);
    if (salt != null && !(salt instanceof String)) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_TYPE, CACHE_SALT, "'cache_salt': expected a text");
    }
    if (salt instanceof String text && (text.isEmpty() || text.length() > LONGEST_SALT)) {
      throw Ranges.outside(
          CACHE_SALT, "a text of 1 to %d characters".formatted(LONGEST_SALT), text.length());
    }
    return new CacheFields(!Boolean.FALSE.equals(used), (String) salt);
  }
}
