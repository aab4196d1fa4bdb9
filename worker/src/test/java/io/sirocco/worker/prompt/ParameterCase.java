package io.sirocco.worker.prompt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A line of the golden file of parameters: what a request says, and what becomes of it.
 *
 * <p>Immutable.
 *
 * @param field the field that it is about
 * @param members of the request, JSON; {@code <x:5>} is a text of five characters, {@code <pairs:5>}
 *     an object of five members
 * @param outcome what of the work differs from that of a request without them, or the error
 */
record ParameterCase(String field, String members, String outcome) {
  static final Path FILE = Path.of("src/test/resources/parameters/cases.txt");

  /** What becomes of a request that changes nothing. */
  static final String AS_ABSENT = "as absent";

  private static final Pattern LONG_TEXT = Pattern.compile("<x:(\\d+)>");
  private static final Pattern PAIRS = Pattern.compile("<pairs:(\\d+)>");

  static List<ParameterCase> read() throws IOException {
    return Files.readAllLines(FILE).stream().map(ParameterCase::parse).toList();
  }

  static void write(List<ParameterCase> cases) throws IOException {
    Files.writeString(FILE, cases.stream().map(line -> line + "\n").collect(Collectors.joining()));
  }

  private static ParameterCase parse(String line) {
    String[] columns = line.split("\\|", -1);
    if (columns.length != 3) {
      throw new IllegalArgumentException("expected three columns, found: " + line);
    }
    return new ParameterCase(columns[0].strip(), columns[1].strip(), columns[2].strip());
  }

  ParameterCase withOutcome(String other) {
    return new ParameterCase(field, members, other);
  }

  ParameterCase withMembers(String other) {
    return new ParameterCase(field, other, outcome);
  }

  boolean isTaken() {
    return outcome.equals(AS_ABSENT) || !outcome.contains(": ");
  }

  boolean isRefused(String code) {
    return outcome.startsWith(code + " " + field);
  }

  /** The request. */
  String body() {
    String said = PAIRS
        .matcher(
            LONG_TEXT.matcher(members).replaceAll(text -> "\"" + "x".repeat(length(text)) + "\""))
        .replaceAll(ParameterCase::pairs);
    String separator = said.isEmpty() ? "" : ", ";
    return members.contains("\"messages\"")
        ? "{" + said + "}"
        : "{" + said + separator + "\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}";
  }

  private static String pairs(MatchResult found) {
    return IntStream.range(0, Integer.parseInt(found.group(1)))
        .mapToObj("\"k%d\": \"v\""::formatted)
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static int length(MatchResult found) {
    return Integer.parseInt(found.group(1));
  }

  @Override
  public String toString() {
    return "%s | %s | %s".formatted(field, members, outcome);
  }
}
