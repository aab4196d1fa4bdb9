package io.sirocco.worker.engine;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The short form of the soak, in a process of its own with a heap of a fixed size. */
class EngineSoakTest {
  private static final int STEPS = 8000;

  @Test
  void privateMemoryStaysFlat() throws Exception {
    Assumptions.assumeTrue(MemoryCurve.isSupported(), "needs /proc");

    assertThatCode(() -> MeasuredProcess.run(EngineSoak.class, Integer.toString(STEPS)))
        .doesNotThrowAnyException();
  }
}
