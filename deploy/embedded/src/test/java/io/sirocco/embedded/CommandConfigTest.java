package io.sirocco.embedded;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The file by which commands are let in. */
class CommandConfigTest {
  @TempDir
  private Path folder;

  @Test
  void fileSaysHowToComeInAndTheOptionWhere() throws IOException {
    Path file = Files.writeString(
        folder.resolve("client.properties"),
        "security.protocol=SASL_SSL \nbootstrap.servers=elsewhere:1\n");
    CommandConfig config =
        CommandLine.populateCommand(new CommandConfig(), "--command-config", file.toString());

    assertThat(config.clientProperties("here:9092"))
        .containsOnly(
            entry("security.protocol", "SASL_SSL"), entry("bootstrap.servers", "here:9092"));
  }

  @Test
  void fileThatIsMissingIsALineThatNamesTheOption() {
    CommandLineRun run = usage(folder.resolve("none.properties"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("--command-config", "none.properties", "NoSuchFileException");
  }

  @Test
  void fileThatIsBrokenIsToldWithoutItsSecrets() throws IOException {
    Path file = Files.writeString(folder.resolve("broken.properties"), "password=\\uSECRET\n");

    CommandLineRun run = usage(file);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--command-config").doesNotContain("SECRET");
  }

  private static CommandLineRun usage(Path file) {
    return CommandLineRun.of(
        "usage", "--bootstrap-server", "localhost:1", "--command-config", file.toString());
  }
}
