package io.sirocco.worker.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.intake.IntakeStanding;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkerConditionTest {
  private int fenced;
  private long nanos;
  private final WorkerCondition condition = new WorkerCondition(
      "demo", () -> new IntakeStanding(0, Map.of(), fenced, Long.MAX_VALUE), () -> nanos);

  @Test
  void aWorkerWithoutPartitionsIsReadyAndAlive() {
    assertThat(condition.unready()).isEmpty();
    assertThat(condition.dead()).isEmpty();
  }

  @Test
  void aWorkerWithAFencedPartitionIsNotReady() {
    fenced = 2;

    assertThat(condition.unready()).hasValue("model demo: expected no fenced partitions, found 2");
    assertThat(condition.dead()).isEmpty();
  }

  @Test
  void anIntakeThatStandsStillForLongerThanBrokersAreWaitedForIsDead() {
    nanos = TimeUnit.MINUTES.toNanos(6);

    assertThat(condition.dead()).isPresent();
  }
}
