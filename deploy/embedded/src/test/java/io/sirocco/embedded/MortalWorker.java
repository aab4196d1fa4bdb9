package io.sirocco.embedded;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.embedded.role.JvmSignals;
import io.sirocco.embedded.role.Role;
import io.sirocco.embedded.role.RoleRunner;
import io.sirocco.embedded.role.RunningRole;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** The program of a worker process that comes to its end by a prompt with {@link #DEADLY} in it. */
final class MortalWorker {
  /** No other prompt, and no answer, has a token of it. */
  static final String DEADLY = "\u2620";

  private static final int SLOTS = 8;
  private static final Duration GRACE = Duration.ofSeconds(4);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(8);

  private MortalWorker() {}

  /** Serves the demo model under a name until the process is told to end, or dies. */
  public static void main(String[] args) throws Exception {
    ServedModel demo = DemoModels.f32(SLOTS);
    int[] ids = demo.tokenizer().encodeText(DEADLY);
    DeadlyModel mortal =
        new DeadlyModel(demo.causalModel(), ids[ids.length - 1], WayToEnd.valueOf(args[2]));
    WorkerSettings settings =
        WorkerSettings.of(args[0], args[1]).withPartitions(1).withGrace(GRACE);
    ServedModel served = new ServedModel(mortal, demo.tokenizer(), demo.prompts(), demo.endIds());
    RoleRunner runner = new RoleRunner(new JvmSignals(), Runtime.getRuntime()::halt);
    System.exit(runner.run(new MortalRole(settings, served)));
  }

  /** Starts it. */
  static WorkerProcess start(String bootstrapServers, String model, WayToEnd end) throws Exception {
    return WorkerProcess.run(MortalWorker.class, List.of(bootstrapServers, model, end.name()));
  }

  /** One worker, which is ended as that of the role is. */
  private record MortalRole(WorkerSettings settings, ServedModel model) implements Role {
    @Override
    public String name() {
      return "worker";
    }

    @Override
    public RunningRole start(Consumer<Throwable> onFatal) throws InterruptedException {
      Worker worker = Worker.start(settings, model, new SimpleMeterRegistry(), onFatal);
      System.out.println("ready");
      return new RunningRole() {
        @Override
        public void drain() {
          worker.close();
        }

        @Override
        public void abort() {
          worker.abort();
        }

        @Override
        public Duration drainLimit() {
          return DRAIN_LIMIT;
        }
      };
    }
  }
}
