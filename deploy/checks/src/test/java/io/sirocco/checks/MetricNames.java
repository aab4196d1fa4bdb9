package io.sirocco.checks;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The metrics that docs/metrics.md names, which another test holds against running roles.
 *
 * <p>Immutable.
 *
 * @param exported all names, those of histograms with their endings
 */
record MetricNames(Set<String> exported) {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z][a-z0-9_]*)` \\| (gauge|counter|histogram) ", Pattern.MULTILINE);

  /** Families whose members are their libraries' own. */
  private static final Pattern LIBRARY = Pattern.compile(
      "(jvm|process|system|kafka_consumer|kafka_producer|kafka_admin_client|kafka_stream)_.+");

  /** Names in an expression; what stands in quotes, a label or a function is none. */
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");

  private static final Pattern NAME =
      Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?=\\s*(?:[{\\[)/*+\\-<>=!,]|$|\\s))");
  private static final Pattern OURS =
      Pattern.compile("(sirocco|gen_ai|http_server|jvm|process|system|kafka)_.+");

  static MetricNames documented() {
    Set<String> names = new TreeSet<>();
    ROW.matcher(Repository.text("docs/metrics.md")).results().forEach(row -> add(names, row));
    if (names.isEmpty()) {
      throw new AssertionError("expected metrics in the tables of docs/metrics.md, found none");
    }
    return new MetricNames(names);
  }

  private static void add(Set<String> names, MatchResult row) {
    names.add(row.group(1));
    if (row.group(2).equals("histogram")) {
      names.add(row.group(1) + "_bucket");
      names.add(row.group(1) + "_count");
      names.add(row.group(1) + "_sum");
      names.add(row.group(1) + "_max");
    }
  }

  /** Names of ours in an expression that nobody exports. */
  Set<String> unknownIn(String expression) {
    Set<String> unknown = new TreeSet<>();
    String bare = QUOTED.matcher(expression).replaceAll("\"\"");
    NAME.matcher(bare)
        .results()
        .map(MatchResult::group)
        .filter(name -> OURS.matcher(name).matches())
        .filter(name -> !exported.contains(name) && !LIBRARY.matcher(name).matches())
        .forEach(unknown::add);
    return unknown;
  }

  /** As {@link #unknownIn}, of all expressions under members {@code expr} and {@code query}. */
  Set<String> unknownIn(Path file) {
    Set<String> unknown = new TreeSet<>();
    for (Object document : Repository.documents(file)) {
      Tree.textsOf(document, "expr").forEach(expr -> unknown.addAll(unknownIn(expr)));
      Tree.textsOf(document, "query").forEach(expr -> unknown.addAll(unknownIn(expr)));
    }
    return unknown;
  }
}
