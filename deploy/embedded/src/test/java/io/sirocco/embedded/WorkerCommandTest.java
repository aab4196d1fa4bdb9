package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code sirocco worker} says before it starts anything. */
class WorkerCommandTest {
  @TempDir
  Path folder;

  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return SiroccoMain.commandLine().setErr(new PrintWriter(err)).execute(args);
  }

  @Test
  void wrongSettingsAreListedAtOnceWithExitCodeTwo() throws IOException {
    Path file = Files.write(
        folder.resolve("worker.properties"),
        List.of("worker.slots=none", "kafka.secruity.protocol=SSL"));

    assertThat(run("worker", "--config", file.toString(), "--set", "worker.grace=1"))
        .isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "sirocco: 4 wrong settings:",
            "  kafka.bootstrap.servers (not set): expected HOST:PORT, or several separated by"
                + " commas, found nothing",
            "  kafka.secruity.protocol (worker.properties:2): expected a known setting, found none"
                + " of this name; did you mean kafka.security.protocol?",
            "  worker.grace (command line): expected a time from 0s to 1h, in ms, s, m, h or d,"
                + " found '1'",
            "  worker.slots (worker.properties:1): expected a whole number from 1 to 1024, found"
                + " 'none'");
  }

  @Test
  void missingFileIsOneLine() {
    String missing = folder.resolve("none.properties").toString();

    assertThat(run("worker", "--config", missing)).isEqualTo(2);
    assertThat(err).hasToString("sirocco: " + missing + ": expected a file, found none\n");
  }

  @Test
  void modelsOnTheCommandLineAreSettings() {
    assertThat(run("worker", "--bootstrap-server", "b:1", "--model", "a b=/models"))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("worker.models (command line): expected NAME=DIR or DIR")
        .endsWith("found 'a b=/models'\n");
  }

  @Test
  void helpNamesTheSettingsDocument() {
    StringWriter out = new StringWriter();

    assertThat(SiroccoMain.commandLine().setOut(new PrintWriter(out)).execute("worker", "--help"))
        .isZero();
    assertThat(out.toString()).contains("--bootstrap-server", "docs/settings.md");
  }
}
