package io.sirocco.worker.prompt;

import org.jspecify.annotations.Nullable;

/**
 * A tag in the source of a template.
 *
 * <p>Immutable.
 *
 * @param kind <code>{</code> of an expression, {@code %} of a block, {@code #} of a comment
 * @param begin index of its first character
 * @param end index after its last character
 */
record TemplateTag(char kind, int begin, int end) {

  /** The next tag from {@code position} on, or null. One that is not closed is left as text. */
  static @Nullable TemplateTag next(String source, int position) {
    for (int begin = source.indexOf('{', position);
        begin >= 0 && begin + 1 < source.length();
        begin = source.indexOf('{', begin + 1)) {
      char kind = source.charAt(begin + 1);
      if (kind == '{' || kind == '%' || kind == '#') {
        int end = end(source, begin + 2, kind);
        return end < 0 ? null : new TemplateTag(kind, begin, end);
      }
    }
    return null;
  }

  /** Quoted text within a tag does not close it. */
  private static int end(String source, int from, char kind) {
    String closing = (kind == '{' ? '}' : kind) + "}";
    char quote = 0;
    for (int i = from; i < source.length(); i++) {
      char c = source.charAt(i);
      if (quote != 0 && c == '\\') {
        i++;
      } else if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (kind != '#' && (c == '\'' || c == '"')) {
        quote = c;
      } else if (source.startsWith(closing, i)) {
        return i + 2;
      }
    }
    return -1;
  }

  /** The sign after the begin, or a blank. */
  char beginSign(String source) {
    return sign(source.charAt(begin + 2));
  }

  /** The sign before the end, or a blank. */
  char endSign(String source) {
    return sign(source.charAt(end - 3));
  }

  private static char sign(char c) {
    return c == '-' || c == '+' ? c : ' ';
  }

  /** The tag as text, with blanks in the place of its signs. */
  String withoutSigns(String source) {
    int from = beginSign(source) == ' ' ? begin + 2 : begin + 3;
    int to = endSign(source) == ' ' ? end - 2 : end - 3;
    return source.substring(begin, begin + 2)
        + ' '
        + source.substring(from, Math.max(from, to))
        + ' '
        + source.substring(end - 2, end);
  }
}
