package io.sirocco.worker.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private long seconds;

  @Test
  void aLoadIsSeenWhileItLastsAndAfterwards() {
    try (LoadMetrics load = load()) {
      seconds = 3;
      load.loaded(1, 4);

      assertThat(gauge("sirocco.model.loading", "0")).isOne();
      assertThat(gauge("sirocco.model.loading.progress.perc", "0")).isEqualTo(0.25);
      assertThat(gauge("sirocco.model.load.seconds", "0")).isEqualTo(3);
      load.loaded(4, 4);
      seconds = 5;
    }
    seconds = 100;

    assertThat(gauge("sirocco.model.loading", "0")).isZero();
    assertThat(gauge("sirocco.model.loading.progress.perc", "0")).isOne();
    assertThat(gauge("sirocco.model.load.seconds", "0")).isEqualTo(5);
  }

  @Test
  void theSecondWorkerOfAModelHasANumberOfItsOwn() {
    load().close();
    try (LoadMetrics second = load()) {
      second.loaded(1, 2);

      assertThat(gauge("sirocco.model.loading", "0")).isZero();
      assertThat(gauge("sirocco.model.loading", "1")).isOne();
    }
  }

  private LoadMetrics load() {
    return new LoadMetrics(registry, "demo", () -> TimeUnit.SECONDS.toNanos(seconds));
  }

  private double gauge(String name, String engine) {
    return registry
        .get(name)
        .tag("model_name", "demo")
        .tag("engine", engine)
        .gauge()
        .value();
  }
}
