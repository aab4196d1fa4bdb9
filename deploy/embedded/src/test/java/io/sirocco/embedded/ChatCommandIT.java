package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The command as a user runs it: a broker, a worker and a model each time. */
class ChatCommandIT {
  private static final String DEMO = "../models/demo";
  private static final Pattern GENERATION = Pattern.compile("generation (\\d+\\.\\d+) s");

  @Test
  void printsTheAnswerAndOneLineOfFigures() {
    CommandLineRun run =
        CommandLineRun.of("chat", "--model", DEMO, "What is the capital of France?");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().strip())
        .isEqualTo("The capital of France is Paris. France is a country in Europe.");
    assertThat(run.err())
        .matches("prompt \\d+ tokens, completion \\d+ tokens, first token after \\d+ ms,"
            + " generation \\d+\\.\\d+ s, \\d+\\.\\d tokens/s, cost UNPRICED\\R");
  }

  @Test
  void recordsAreWrittenWhileTheAnswerIsGenerated() {
    // A pause at the end of a generation of milliseconds says nothing: another run has none.
    Awaitility.await()
        .pollInSameThread()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(ChatCommandIT::assertWrittenWhileGenerated);
  }

  private static void assertWrittenWhileGenerated() throws MalformedJsonException {
    CommandLineRun run = CommandLineRun.of("chat", "--model", DEMO, "--json", "What is a mistral?");

    List<Line> lines = lines(run.out());
    assertThat(lines).extracting(Line::event).startsWith("start").endsWith("delta", "end");
    List<Long> deltas = lines.stream()
        .filter(line -> line.event().equals("delta"))
        .map(Line::timestamp)
        .toList();
    assertThat(deltas.get(deltas.size() - 1) - deltas.get(0))
        .isGreaterThanOrEqualTo(Math.round(generationMillis(run.err()) / 2));
  }

  @Test
  void aRefusedRequestIsOneLineAndExitCodeOne() {
    CommandLineRun run = CommandLineRun.of("chat", "--model", DEMO, "--temperature", "3", "hi");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).isEmpty();
    assertThat(run.err().strip())
        .isEqualTo("sirocco: temperature: expected a number from 0 to 2, found 3");
  }

  @Test
  void aBlankPromptIsOneLineAndExitCodeTwo() {
    CommandLineRun run = CommandLineRun.of("chat", "--model", DEMO, " ");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("sirocco: expected a prompt, found none");
  }

  @Test
  void aFolderThatIsNoModelIsOneLineAndExitCodeTwo() {
    CommandLineRun run = CommandLineRun.of("chat", "--model", "src", "hi");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip())
        .isEqualTo("sirocco: src: expected a file config.json, found none");
  }

  /** A line of the output; a member more or less would be an error. */
  private record Line(
      long offset, long timestamp, Map<String, String> headers, Map<String, Object> value) {
    String event() {
      return headers.getOrDefault("event", "none");
    }
  }

  private static List<Line> lines(String out) throws MalformedJsonException {
    JsonCodec codec = new JsonCodec();
    List<Line> lines = new ArrayList<>();
    for (String line : out.lines().toList()) {
      lines.add(codec.read(line, Line.class));
    }
    return lines;
  }

  private static double generationMillis(String figures) {
    Matcher generation = GENERATION.matcher(figures);
    assertThat(generation.find()).isTrue();
    return 1000 * Double.parseDouble(generation.group(1));
  }
}
