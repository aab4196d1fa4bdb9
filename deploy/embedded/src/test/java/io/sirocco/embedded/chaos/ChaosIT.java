package io.sirocco.embedded.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.embedded.SiroccoMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short run of every mode, with real processes that really die. */
@EnabledOnOs(OS.LINUX)
class ChaosIT {
  /** Keeps the logs of the processes, for whoever wants to understand a failure. */
  private static final Path LOGS = Path.of("target", "chaos");

  @ParameterizedTest
  @EnumSource(ChaosMode.class)
  @Timeout(600)
  void nobodyNotices(ChaosMode mode) throws Exception {
    ChaosSettings settings = new ChaosSettings(
        mode,
        8,
        2,
        Duration.ofSeconds(10),
        1,
        Path.of("..", "models", "demo"),
        Duration.ofSeconds(60),
        0);
    StringWriter progress = new StringWriter();
    Files.createDirectories(LOGS);
    Path folder = Files.createTempDirectory(LOGS, mode.name().toLowerCase(Locale.ROOT) + "-");

    ChaosReport report = ChaosRun.run(
        settings, ChildCommand.of(SiroccoMain.class), folder, new PrintWriter(progress));

    assertThat(report.verdict().violations()).as("%s%s", progress, folder).isEmpty();
    assertThat(report.faults()).as("%s%s", progress, folder).isNotEmpty();
    if (mode == ChaosMode.KILL) {
      assertThat(report.faults()).as("%s%s", progress, folder).containsKey(Kills.KILL);
    }
  }
}
