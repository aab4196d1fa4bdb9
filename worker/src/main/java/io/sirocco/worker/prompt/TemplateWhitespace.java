package io.sirocco.worker.prompt;

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
    TemplateTag tag = TemplateTag.next(source, position);
    while (tag != null) {
      appendTextBefore(tag);
      if (tag.kind() != '#') {
        result.append(tag.withoutSigns(source));
      }
      position = tag.end();
      stripNext = tag.endSign(source) == '-';
      lineStarting = tag.kind() != '{' && tag.endSign(source) == ' ' && skipLineBreak();
      tag = TemplateTag.next(source, position);
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

  private void appendTextBefore(TemplateTag tag) {
    String text = source.substring(position, tag.begin());
    if (tag.beginSign(source) == '-') {
      text = PythonText.stripTrailing(text);
    } else if (tag.kind() != '{' && tag.beginSign(source) == ' ') {
      int line = text.lastIndexOf('\n') + 1;
      if ((line > 0 || lineStarting) && text.substring(line).isBlank()) {
        text = text.substring(0, line);
      }
    }
    appendText(text);
  }

  private void appendText(String text) {
    result.append(stripNext ? PythonText.stripLeading(text) : text);
  }
}
