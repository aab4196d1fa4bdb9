package io.sirocco.worker.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The short form of the soak, in a process of its own with a heap of a fixed size. */
class EngineSoakTest {
  private static final int STEPS = 8000;

  @Test
  void privateMemoryStaysFlat() throws Exception {
    Assumptions.assumeTrue(MemoryCurve.isSupported(), "needs /proc");

    Process soak = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms96m",
            "-Xmx96m",
            "-XX:+AlwaysPreTouch",
            "-cp",
            System.getProperty("java.class.path"),
            EngineSoak.class.getName(),
            Integer.toString(STEPS))
        .redirectErrorStream(true)
        .start();
    String output = new String(soak.getInputStream().readAllBytes(), UTF_8);

    assertThat(soak.waitFor()).as(output).isZero();
  }
}
