package io.sirocco.embedded;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import java.time.Duration;
import java.util.List;

/**
 * The program of a worker process that is slow, so that whoever means to kill it in the middle of an
 * answer has the time.
 */
final class PacedWorker {
  private static final int SLOTS = 8;

  private PacedWorker() {}

  /** Serves the demo model under a name, one step in so many milliseconds, until it is killed. */
  public static void main(String[] args) throws Exception {
    ServedModel demo = DemoModels.f32(SLOTS);
    Worker.start(
        WorkerSettings.of(args[0], args[1]).withPartitions(1),
        new ServedModel(
            new PacedModel(demo.causalModel(), Duration.ofMillis(Long.parseLong(args[2]))),
            demo.tokenizer(),
            demo.prompts(),
            demo.endIds()),
        new SimpleMeterRegistry(),
        fault -> Runtime.getRuntime().halt(1));
    System.out.println("ready");
  }

  /** Starts it. */
  static WorkerProcess start(String bootstrapServers, String model, Duration step)
      throws Exception {
    WorkerProcess worker = WorkerProcess.run(
        PacedWorker.class, List.of(bootstrapServers, model, Long.toString(step.toMillis())));
    worker.awaitLine("ready");
    return worker;
  }
}
