package io.sirocco.checks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The tables of docs/wire.md, which another test holds against the code.
 *
 * <p>Immutable.
 *
 * @param text the document
 */
record WireDocument(String text) {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([^`]+)` \\| (.*) \\|$", Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("\\[([^]]+)]\\([^)]*\\)");

  static WireDocument read() {
    return new WireDocument(Repository.text("docs/wire.md"));
  }

  /** The rows of the first table behind a line: the name in the first cell, and the last cell. */
  Map<String, String> table(String line) {
    int begin = text.indexOf("\n" + line + "\n");
    if (begin < 0) {
      throw new AssertionError("expected a line '" + line + "' in docs/wire.md, found none");
    }
    int table = text.indexOf("\n|", begin);
    int end = text.indexOf("\n\n", table);
    Map<String, String> rows = new LinkedHashMap<>();
    for (MatchResult row : ROW.matcher(text.substring(table, end)).results().toList()) {
      String cells = row.group(2);
      String last =
          cells.substring(cells.lastIndexOf(" | ") < 0 ? 0 : cells.lastIndexOf(" | ") + 3);
      rows.put(row.group(1), LINK.matcher(last).replaceAll("$1"));
    }
    return rows;
  }

  /** The names of all topics. */
  Map<String, String> topics() {
    return table("## Topics");
  }
}
