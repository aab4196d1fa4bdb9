package io.sirocco.embedded.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelCheckTest {
  private static final Path DEMO = Path.of("..", "models", "demo");
  private static final long ALL = 64_000_000_000L;

  @Test
  void modelThatNeverFitsFails() {
    assertThat(memory(new Machine(4_000_000, 3_000_000, ALL, 0)).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void modelThatOthersLeaveNoRoomForIsAWarningThatNamesAPrecisionThatFits() {
    Finding finding = memory(new Machine(ALL, 26_000_000, ALL, 0));

    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.change()).startsWith("worker.precision=w8a8 fits; or ");
  }

  @Test
  void modelThatFitsIsWell() {
    assertThat(memory(new Machine(ALL, ALL, ALL, 0)))
        .matches(finding -> finding.status() == Status.OK && finding.change().isEmpty());
  }

  private static Finding memory(Machine machine) {
    List<Finding> findings = new ModelCheck(DEMO, machine, positions -> 16L * positions).look();
    return findings.stream()
        .filter(finding -> finding.subject().equals("memory"))
        .findFirst()
        .orElseThrow();
  }
}
