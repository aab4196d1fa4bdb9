package io.sirocco.embedded.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.embedded.SiroccoMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
    Map<String, Integer> faults = faults(mode, Duration.ofSeconds(10), 0);

    if (mode == ChaosMode.KILL) {
      assertThat(faults).containsKey(Kills.KILL);
    }
  }

  /** All but the first worker end in their second close; it is over before one would be killed. */
  @Test
  @Timeout(600)
  void nobodyNoticesAnEndBetweenTheOffsetsOfACloseAndItsCommit() throws Exception {
    assertThat(faults(ChaosMode.KILL, Duration.ofMillis(1500), 2)).containsKey(ChaosRun.HALT);
  }

  /** Returns what went wrong, by its name, in a run of which nobody noticed anything. */
  private static Map<String, Integer> faults(ChaosMode mode, Duration length, int haltAtClose)
      throws Exception {
    ChaosSettings settings = new ChaosSettings(
        mode,
        8,
        2,
        length,
        1,
        Path.of("..", "models", "demo"),
        Duration.ofSeconds(60),
        haltAtClose);
    StringWriter progress = new StringWriter();
    Files.createDirectories(LOGS);
    Path folder = Files.createTempDirectory(LOGS, mode.name().toLowerCase(Locale.ROOT) + "-");

    ChaosReport report = ChaosRun.run(
        settings, ChildCommand.of(SiroccoMain.class), folder, new PrintWriter(progress));

    assertThat(report.verdict().violations()).as("%s%s", progress, folder).isEmpty();
    assertThat(report.faults()).as("%s%s", progress, folder).isNotEmpty();
    return report.faults();
  }
}
