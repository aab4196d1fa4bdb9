package io.sirocco.embedded;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import java.util.List;

/** The program of a worker process that dies of a prompt with {@link #DEADLY} in it. */
final class MortalWorker {
  /** No other prompt, and no answer, has a token of it. */
  static final String DEADLY = "\u2620";

  private static final int SLOTS = 8;

  private MortalWorker() {}

  /** Serves the demo model under a name until the process is killed, or dies. */
  public static void main(String[] args) throws Exception {
    ServedModel demo = DemoModels.f32(SLOTS);
    int[] ids = demo.tokenizer().encodeText(DEADLY);
    HaltingModel mortal = new HaltingModel(demo.causalModel(), ids[ids.length - 1]);
    Worker.start(
        WorkerSettings.of(args[0], args[1]).withPartitions(1),
        new ServedModel(mortal, demo.tokenizer(), demo.prompts(), demo.endIds()),
        new SimpleMeterRegistry(),
        fault -> Runtime.getRuntime().halt(1));
    System.out.println("ready");
  }

  /** Starts it. */
  static WorkerProcess start(String bootstrapServers, String model) throws Exception {
    return WorkerProcess.run(MortalWorker.class, List.of(bootstrapServers, model));
  }
}
