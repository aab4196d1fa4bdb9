package io.sirocco.embedded.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.embedded.SiroccoMain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A run that is ended leaves no process behind. */
@EnabledOnOs(OS.LINUX)
class ChaosEndIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void allItsProcessesEndWithIt(@TempDir Path folder) throws Exception {
    ChildCommand command = withHome(ChildCommand.of(SiroccoMain.class));
    try (ChildProcess run = command.start(
        folder.resolve("chaos.log"), List.of("chaos", "--mode=broker", "--streams=1"))) {
      // Three brokers and a worker.
      Awaitility.await().atMost(PATIENCE).until(() -> children().size() == 4);
      List<ProcessHandle> children = children();

      run.terminate();

      Awaitility.await().atMost(PATIENCE).until(() -> !run.isAlive());
      assertThat(children).noneMatch(ProcessHandle::isAlive);
    }
  }

  /** Those of the run, which is the only child of this process. */
  private static List<ProcessHandle> children() {
    return ProcessHandle.current().children().flatMap(ProcessHandle::children).toList();
  }

  private static ChildCommand withHome(ChildCommand command) {
    List<String> words = new ArrayList<>(command.words());
    words.add(1, "-Dsirocco.home=" + Path.of("..", "..").toAbsolutePath().normalize());
    return new ChildCommand(words);
  }
}
