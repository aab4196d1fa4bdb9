package io.sirocco.streams.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decodes records that others wrote under their user as key.
 *
 * <p>Immutable.
 *
 * @param codec reads them
 * @param type what they are
 * @param name what they are called, with an article
 * @param user whom one is about
 */
record UserRecords<T>(JsonCodec codec, Class<T> type, String name, Function<T, String> user) {

  T read(byte @Nullable [] key, byte @Nullable [] value) throws RefusedUsageException {
    if (value == null) {
      throw new RefusedUsageException("expected " + name + ", found no value");
    }
    T record;
    try {
      record = codec.read(value, type);
    } catch (MalformedJsonException e) {
      String field = e.field() == null || e.field().isEmpty() ? "" : e.field() + ": ";
      throw new RefusedUsageException(field + e.getMessage());
    }
    // One user's records must meet in one partition, else two tasks would write two partial totals.
    if (key == null || !new String(key, UTF_8).equals(user.apply(record))) {
      throw new RefusedUsageException("expected the event's user as key, found another");
    }
    return record;
  }
}
