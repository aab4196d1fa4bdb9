package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sirocco.contracts.conformance.ReplyLogCase;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The readers in other languages are right readers of every log in the conformance file. */
@Timeout(180)
class ReferenceReadersTest {
  private static final Path CLIENTS = Path.of("..", "docs", "clients").toAbsolutePath();

  @ParameterizedTest
  @CsvSource({"node, conformance.mjs", "python3, conformance.py"})
  void readerOfAnotherLanguageReadsEveryLogAsOursDoes(String command, String script)
      throws Exception {
    assumeTrue(isInstalled(command), command + " was not found: its reader is not run");
    ProcessBuilder builder = new ProcessBuilder(
            List.of(command, CLIENTS.resolve(script).toString(), file().toString()))
        .redirectErrorStream(true);
    // The source tree is not its place for compiled files.
    builder.environment().putAll(Map.of("PYTHONDONTWRITEBYTECODE", "1"));
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed.strip()).isEqualTo(ReplyLogCase.all().size() + " cases, 0 wrong");
  }

  private static Path file() {
    return Path.of("..", "contracts", "src", "main", "resources")
        .resolve(Path.of("io", "sirocco", "contracts", "conformance", ReplyLogCase.FILE))
        .toAbsolutePath();
  }

  private static boolean isInstalled(String command) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(folder -> new File(folder, command).canExecute());
  }
}
