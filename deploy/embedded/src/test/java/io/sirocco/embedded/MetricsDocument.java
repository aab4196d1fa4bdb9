package io.sirocco.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What docs/metrics.md says.
 *
 * <p>Immutable.
 */
record MetricsDocument(String text) {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| (gauge|counter|histogram) \\|");
  private static final Pattern BUCKETS =
      Pattern.compile("(?m)^\\| (`[\\w*`, ]+`) \\| ([0-9. ]+) \\|$");

  static MetricsDocument read() throws IOException {
    return new MetricsDocument(Files.readString(Path.of("..", "..", "docs", "metrics.md")));
  }

  /** The families that it names, each with its type. */
  Map<String, String> types() {
    Map<String, String> types = new TreeMap<>();
    Matcher row = ROW.matcher(text);
    while (row.find()) {
      types.put(row.group(1), row.group(2));
      if (row.group(2).equals("histogram")) {
        types.put(row.group(1) + "_max", "gauge");
      }
    }
    return types;
  }

  /** The upper bounds of the buckets of a histogram; empty where it names none. */
  List<Double> bounds(String name) {
    Matcher row = BUCKETS.matcher(text);
    while (row.find()) {
      for (String pattern : row.group(1).replace("`", "").split(", ", -1)) {
        if (name.matches(pattern.replace("*", "\\w+"))) {
          return Arrays.stream(row.group(2).split(" ", -1)).map(Double::valueOf).toList();
        }
      }
    }
    return List.of();
  }
}
