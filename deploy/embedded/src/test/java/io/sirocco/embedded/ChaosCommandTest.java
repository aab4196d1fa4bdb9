package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChaosCommandTest {
  @Test
  void withoutAModeItSaysWhichThereAre() {
    CommandLineRun run = CommandLineRun.of("chaos");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("sirocco: Missing required option: '--mode=MODE'\n");
  }

  @Test
  void anUnknownModeIsAnsweredWithAllModes() {
    CommandLineRun run = CommandLineRun.of("chaos", "--mode", "earthquake");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("KILL", "FREEZE", "DRAIN", "BROKER", "PARTITION", "earthquake");
  }

  @ParameterizedTest
  @CsvSource({
    "--streams, 0, expected --streams of 1 to 10000",
    "--workers, 1, expected --workers of 2 to 32",
    "--seconds, 0, expected --seconds of 1 to 86400"
  })
  void whatCannotBeRunIsRefused(String option, String found, String expected) {
    CommandLineRun run = CommandLineRun.of("chaos", "--mode", "kill", option, found);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("sirocco: " + expected + ", found " + found + "\n");
  }

  @Test
  void helpNamesEveryModeAndNoHiddenOption() {
    CommandLineRun run = CommandLineRun.of("chaos", "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("kill -9", "SIGSTOP", "SIGTERM", "coordinator", "Exits 1")
        .doesNotContain("--halt-at-close", "--patience");
  }
}
