package io.sirocco.embedded;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.model.ModelLoadException;
import java.time.Duration;
import java.util.List;

/** Starts a whole system with the demo model for tests. */
final class DemoSystem {
  private DemoSystem() {}

  /** On a port of its own, with one worker and the usage application. */
  static EmbeddedSirocco start() throws ModelLoadException, InterruptedException {
    return EmbeddedSirocco.start(
        new EmbeddedSettings(
            0,
            null,
            List.of(new ServedName("demo", () -> DemoModels.f32(2))),
            1,
            4,
            true,
            0,
            0,
            Duration.ZERO),
        new SimpleMeterRegistry(),
        fault -> {
          throw new AssertionError(fault);
        });
  }
}
