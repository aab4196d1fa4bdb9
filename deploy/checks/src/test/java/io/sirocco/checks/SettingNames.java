package io.sirocco.checks;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The settings that docs/settings.md names, which another test holds against the code.
 *
 * <p>Immutable.
 *
 * @param names as they stand in a file
 * @param variables as they stand in the environment
 */
record SettingNames(Set<String> names, Set<String> variables) {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z0-9.-]+)`<br>`(SIROCCO_[A-Z0-9_]+)` ", Pattern.MULTILINE);
  private static final Pattern VARIABLE = Pattern.compile("SIROCCO_[A-Z0-9_]+");

  /** Variables that are no settings: the launcher's, and that of the compose file. */
  private static final Set<String> OTHERS = Set.of("SIROCCO_JAVA_OPTS", "SIROCCO_USAGE_TOKEN");

  static SettingNames documented() {
    Set<String> names = new TreeSet<>();
    Set<String> variables = new TreeSet<>(OTHERS);
    ROW.matcher(Repository.text("docs/settings.md")).results().forEach(row -> {
      names.add(row.group(1));
      variables.add(row.group(2));
    });
    return new SettingNames(names, variables);
  }

  /** Variables of our prefix in a text that are no settings. */
  Set<String> unknownVariables(String text) {
    Set<String> unknown = new TreeSet<>();
    VARIABLE.matcher(text).results().map(MatchResult::group).forEach(unknown::add);
    unknown.removeAll(variables);
    return unknown;
  }

  /** Names in a file of properties that are no settings; those of Kafka's clients are let pass. */
  Set<String> unknownProperties(String text) {
    Set<String> unknown = new TreeSet<>();
    text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.substring(0, line.indexOf('=')))
        .filter(name -> !name.startsWith("kafka.") && !names.contains(name))
        .forEach(unknown::add);
    return unknown;
  }
}
