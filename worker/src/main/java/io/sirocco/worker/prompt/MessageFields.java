package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the fields that the record of a message does not have; an answer of OpenAI's that is
 * sent back brings most of them along.
 *
 * <p>A field that would change the answer, and cannot be followed, is an error, unless it is empty. A
 * field that does not touch the answer is passed over. Any other is named to the sender as ignored.
 *
 * <p>Stateless.
 */
final class MessageFields {
  /** Which call a tool answers. */
  static final String TOOL_CALL_ID = "tool_call_id";

  private static final Set<String> UNSUPPORTED = Set.of("tool_calls", "function_call", "audio");
  private static final Set<String> PASSED_OVER =
      Set.of("name", TOOL_CALL_ID, "refusal", "annotations");

  /** Templates say it: nothing in it may look like a control token. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private MessageFields() {}

  /**
   * Returns the names of the fields that are ignored, each after {@code path}.
   *
   * @throws InvalidRequestException for a field that cannot be followed
   */
  static List<String> check(String path, Map<String, @Nullable Object> extra)
      throws InvalidRequestException {
    List<String> ignored = new ArrayList<>();
    for (Map.Entry<String, @Nullable Object> field : extra.entrySet()) {
      String name = field.getKey();
      if (!UNSUPPORTED.contains(name)) {
        if (!PASSED_OVER.contains(name) && field.getValue() != null) {
          ignored.add(path + name);
        }
      } else if (!isEmpty(field.getValue())) {
        throw new InvalidRequestException(
            ErrorCode.UNSUPPORTED_PARAMETER,
            path + name,
            "expected none, as it is not supported, found one");
      }
    }
    checkId(path + TOOL_CALL_ID, extra.get(TOOL_CALL_ID));
    return ignored;
  }

  private static void checkId(String path, @Nullable Object id) throws InvalidRequestException {
    if (id != null && !ID.matcher(FieldReaders.text(path, id)).matches()) {
      throw FieldFaults.outside(path, "1 to 64 letters, digits, hyphens and underscores", "others");
    }
  }

  private static boolean isEmpty(@Nullable Object value) {
    return value == null || (value instanceof List<?> items && items.isEmpty());
  }
}
