package io.sirocco.embedded;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of text in columns as wide as they must be.
 *
 * <p>Confined to the main thread.
 */
final class TextTable {
  private final List<String[]> rows = new ArrayList<>();

  TextTable(String... heads) {
    rows.add(heads);
  }

  void row(String... cells) {
    rows.add(cells);
  }

  /** Prints the table, or {@code nothing} when it has no rows. */
  void print(PrintWriter out, String nothing) {
    if (rows.size() == 1) {
      out.println(nothing);
    } else {
      rows.forEach(row -> out.println(line(row)));
    }
    out.flush();
  }

  private String line(String[] row) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.length; column++) {
      line.append(row[column]).append(" ".repeat(width(column) - row[column].length() + 2));
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
  }
}
