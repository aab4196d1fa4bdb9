package io.sirocco.worker.prompt;

/**
 * Rewrites loops with a condition, which the template library goes round no time at all: what passes
 * the condition is collected first, so that {@code loop} counts as in Jinja.
 *
 * <pre>
 *   {% for x in xs if c %}   becomes   {% set kept = [] %}
 *                                      {% for x in xs %}{% if c %}{% do kept.append(x) %}...
 *                                      {% for x in kept %}
 * </pre>
 *
 * <p>Source: the Jinja documentation, "For".
 *
 * <p>Stateless.
 */
final class FilteredLoops {
  private static final String FOR = "for ";

  private FilteredLoops() {}

  /** Returns a template without loops that have a condition; its white space is resolved. */
  static String resolve(String template) {
    StringBuilder result = new StringBuilder();
    int position = 0;
    int loops = 0;
    for (TemplateTag tag = TemplateTag.next(template, 0);
        tag != null;
        tag = TemplateTag.next(template, position)) {
      result.append(template, position, tag.begin());
      String whole = template.substring(tag.begin(), tag.end());
      String inner = whole.substring(2, whole.length() - 2).strip();
      int in = inner.startsWith(FOR) ? wordAt(inner, "in", FOR.length()) : -1;
      int condition = in < 0 ? -1 : wordAt(inner, "if", in);
      if (tag.kind() != '%' || condition < 0) {
        result.append(whole);
      } else {
        result.append(collected(inner, in, condition, "sirocco_kept_" + ++loops));
      }
      position = tag.end();
    }
    return result.append(template.substring(position)).toString();
  }

  private static String collected(String loop, int in, int condition, String kept) {
    String variables = loop.substring(FOR.length(), in);
    String item = variables.contains(",") ? '[' + variables + ']' : variables;
    return "{% set " + kept + " = [] %}{% " + loop.substring(0, condition) + " %}{% if "
        + loop.substring(condition + " if".length()) + " %}{% do " + kept + ".append(" + item
        + ") %}{% endif %}{% endfor %}{% for " + variables + " in " + kept + " %}";
  }

  private static boolean isWord(String text, String word, int before) {
    int after = before + 1 + word.length();
    return text.startsWith(word, before + 1)
        && Character.isWhitespace(text.charAt(before))
        && after < text.length()
        && Character.isWhitespace(text.charAt(after));
  }

  /** The index before a word that is in no quotes and no brackets; below 0: there is none. */
  private static int wordAt(String text, String word, int from) {
    int depth = 0;
    char quote = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        i += c == '\\' ? 1 : 0;
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (depth == 0 && isWord(text, word, i)) {
        return i;
      } else if ("([{".indexOf(c) >= 0) {
        depth++;
      } else if (")]}".indexOf(c) >= 0) {
        depth--;
      }
    }
    return -1;
  }
}
