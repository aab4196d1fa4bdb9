package io.sirocco.worker.prompt;

/**
 * White space as Python has it: Java's does not have the spaces at which no line breaks.
 *
 * <p>Source: the Python documentation, "Text Sequence Type", {@code str.isspace}.
 *
 * <p>Stateless.
 */
final class PythonText {
  private static final int NEXT_LINE = 0x85;

  private PythonText() {}

  /** Returns the text without white space at either end. */
  static String strip(String text) {
    return stripLeading(stripTrailing(text));
  }

  /** Returns the text without white space at its begin. */
  static String stripLeading(String text) {
    int begin = 0;
    while (begin < text.length() && isSpace(text.charAt(begin))) {
      begin++;
    }
    return text.substring(begin);
  }

  /** Returns the text without white space at its end. */
  static String stripTrailing(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE;
  }
}
