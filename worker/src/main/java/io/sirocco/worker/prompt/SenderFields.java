package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.topic.RequestIds;
import java.util.List;
import java.util.Map;

/**
 * The fields that say who asks and how urgent it is, and leave the answer as it is.
 *
 * <p>Stateless.
 */
final class SenderFields {
  private static final int MOST_PRIORITY = 1000;
  private static final int MOST_PAIRS = 16;
  private static final int LONGEST_KEY = 64;
  private static final int LONGEST_VALUE = 512;
  private static final int LONGEST_CACHE_KEY = 1024;

  private static final RequestField<String> USER = new RequestField<>(
      "user",
      "a text of up to %d bytes of UTF-8".formatted(RequestIds.MOST_BYTES),
      "`anonymous`",
      "Who pays, unless the header `x-user` says it.",
      "",
      SenderFields::user);
  private static final RequestField<Integer> PRIORITY = FieldKinds.whole(
      "priority",
      -MOST_PRIORITY,
      MOST_PRIORITY,
      0,
      "Of waiting requests of a tier, those with the lowest number go first.");
  private static final RequestField<String> SERVICE_TIER = FieldKinds.oneOf(
      "service_tier",
      List.of("auto", "default", "flex", "scale", "priority", "fast"),
      "Of waiting requests `priority` and `fast` go first, `flex` last; the others are one tier.");
  private static final RequestField<Map<?, ?>> METADATA = new RequestField<>(
      "metadata",
      "an object of up to %d strings of up to %d characters, with names of up to %d"
          .formatted(MOST_PAIRS, LONGEST_VALUE, LONGEST_KEY),
      "none",
      "Accepted: notes of the sender's own.",
      Map.of(),
      SenderFields::metadata);
  private static final RequestField<String> PROMPT_CACHE_KEY = FieldKinds.text(
      "prompt_cache_key",
      0,
      LONGEST_CACHE_KEY,
      "none",
      "Accepted; the Java client makes it the record's key, so that such requests meet in a worker.");
  private static final RequestField<String> SAFETY_IDENTIFIER =
      FieldKinds.text("safety_identifier", 0, LONGEST_KEY, "none", "Accepted.");
  private static final RequestField<Boolean> STORE =
      FieldKinds.flag("store", false, "Accepted: answers live as long as their topic.");

  /** In the order of the reference. */
  static final List<RequestField<?>> ALL =
      List.of(USER, PRIORITY, SERVICE_TIER, METADATA, PROMPT_CACHE_KEY, SAFETY_IDENTIFIER, STORE);

  private SenderFields() {}

  /** Checks all fields, and returns how urgent the request is: the tier decides, then the priority. */
  static int read(RequestFields fields) throws InvalidRequestException {
    for (RequestField<?> field : ALL) {
      field.in(fields);
    }
    return tier(SERVICE_TIER.in(fields)) * (2 * MOST_PRIORITY + 1) + PRIORITY.in(fields);
  }

  private static int tier(String name) {
    return switch (name) {
      case "priority", "fast" -> -1;
      case "flex" -> 1;
      default -> 0;
    };
  }

  private static String user(String field, Object value) throws InvalidRequestException {
    String user = FieldReaders.text(field, value);
    if (!user.isEmpty() && !RequestIds.isUsable(user)) {
      throw FieldFaults.outside(
          field,
          "a text of up to %d bytes of UTF-8".formatted(RequestIds.MOST_BYTES),
          "%d characters".formatted(user.length()));
    }
    return user;
  }

  private static Map<?, ?> metadata(String field, Object value) throws InvalidRequestException {
    Map<?, ?> pairs = FieldReaders.object(field, value);
    if (pairs.size() > MOST_PAIRS) {
      throw FieldFaults.outside(field, "at most %d members".formatted(MOST_PAIRS), pairs.size());
    }
    for (Map.Entry<?, ?> pair : pairs.entrySet()) {
      String key = String.valueOf(pair.getKey());
      if (key.length() > LONGEST_KEY) {
        throw FieldFaults.outside(
            field, "names of up to %d characters".formatted(LONGEST_KEY), "one of " + key.length());
      }
      String path = field + "." + key;
      Object text = pair.getValue();
      if (text == null) {
        throw FieldFaults.outside(path, "a string", "null");
      }
      int length = FieldReaders.text(path, text).length();
      if (length > LONGEST_VALUE) {
        throw FieldFaults.outside(path, "up to %d characters".formatted(LONGEST_VALUE), length);
      }
    }
    return pairs;
  }
}
