package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;

/**
 * The names of the fields that nobody knows: most often typing errors.
 *
 * <p>Stateless.
 */
final class UnknownFields {
  private static final int MOST_CHARS = 1024;
  private static final int LONGEST_NAME = 100;

  private UnknownFields() {}

  /** Returns the names, of a length that fits into a header: what is left out is counted. */
  static List<String> bounded(List<String> names) {
    List<String> bounded = new ArrayList<>();
    int chars = 0;
    for (String name : names) {
      String told = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "...";
      chars += told.length() + 1;
      if (chars > MOST_CHARS) {
        bounded.add("and %d more".formatted(names.size() - bounded.size()));
        break;
      }
      bounded.add(told);
    }
    return List.copyOf(bounded);
  }

  /**
   * Refuses a request with such fields.
   *
   * @param names none: the request is not refused
   */
  static void refuse(List<String> names) throws InvalidRequestException {
    if (!names.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.UNSUPPORTED_PARAMETER,
          names.get(0),
          "expected only fields that are known, as the request is strict, found "
              + String.join(", ", names));
    }
  }
}
