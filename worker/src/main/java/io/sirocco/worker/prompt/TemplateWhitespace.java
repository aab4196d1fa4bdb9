package io.sirocco.worker.prompt;

import org.jspecify.annotations.Nullable;

/**
 * Applies Jinja's rules of white space to the source of a template, as HuggingFace renders: with
 * {@code trim_blocks} and {@code lstrip_blocks}, the signs {@code -} and {@code +} at either end of
 * a tag, and without the template's last line break. What remains has no signs and no comments, and
 * is rendered as it stands.
 *
 * <p>The template library's own rules differ: it ignores the signs of expressions, and strips
 * blanks before a block also where the block does not begin its line.
 *
 * <p>Source: the Jinja documentation, "Whitespace Control".
 *
 * <p>Confined to one thread, for one template.
 */
final class TemplateWhitespace {
  private final String source;
  private final StringBuilder result = new StringBuilder();
  private int position;

  /** Whether the text at the position begins a line, or follows a block that swallowed its break. */
  private boolean lineStarting = true;

  private boolean stripNext;

  private TemplateWhitespace(String source) {
    this.source = source;
  }

  /** Returns the template with all white space resolved. */
  static String resolve(String template) {
    String unix = template.replace("\r\n", "\n").replace('\r', '\n');
    return new TemplateWhitespace(unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix)
        .resolveAll();
  }

  private String resolveAll() {
    Tag tag = Tag.next(source, position);
    while (tag != null) {
      appendTextBefore(tag);
      if (tag.kind() != '#') {
        result.append(tag.withoutSigns(source));
      }
      position = tag.end();
      stripNext = tag.endSign(source) == '-';
      lineStarting = tag.kind() != '{' && tag.endSign(source) == ' ' && skipLineBreak();
      tag = Tag.next(source, position);
    }
    appendText(source.substring(position));
    return result.toString();
  }

  private boolean skipLineBreak() {
    if (source.startsWith("\n", position)) {
      position++;
      return true;
    }
    return false;
  }

  private void appendTextBefore(Tag tag) {
    String text = source.substring(position, tag.begin());
    if (tag.beginSign(source) == '-') {
      text = text.stripTrailing();
    } else if (tag.kind() != '{' && tag.beginSign(source) == ' ') {
      int line = text.lastIndexOf('\n') + 1;
      if ((line > 0 || lineStarting) && text.substring(line).isBlank()) {
        text = text.substring(0, line);
      }
    }
    appendText(text);
  }

  private void appendText(String text) {
    result.append(stripNext ? text.stripLeading() : text);
  }

  /**
   * A tag in the source.
   *
   * @param kind <code>{</code> of an expression, {@code %} of a block, {@code #} of a comment
   * @param begin index of its first character
   * @param end index after its last character
   */
  private record Tag(char kind, int begin, int end) {

    /** The next tag from {@code position} on, or null. One that is not closed is left as text. */
    static @Nullable Tag next(String source, int position) {
      for (int begin = source.indexOf('{', position);
          begin >= 0 && begin + 1 < source.length();
          begin = source.indexOf('{', begin + 1)) {
        char kind = source.charAt(begin + 1);
        if (kind == '{' || kind == '%' || kind == '#') {
          int end = end(source, begin + 2, kind);
          return end < 0 ? null : new Tag(kind, begin, end);
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

    char beginSign(String source) {
      return sign(source.charAt(begin + 2));
    }

    char endSign(String source) {
      return sign(source.charAt(end - 3));
    }

    private static char sign(char c) {
      return c == '-' || c == '+' ? c : ' ';
    }

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
}
