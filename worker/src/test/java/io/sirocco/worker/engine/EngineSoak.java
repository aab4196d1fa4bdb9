package io.sirocco.worker.engine;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.Workload.Ask;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.torch.Precision;
import io.sirocco.worker.model.torch.TorchModel;
import io.sirocco.worker.model.torch.TorchModelSettings;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/**
 * Keeps an engine busy with requests that come, share prefixes, are preempted and cancelled, and
 * watches the memory; 100,000 steps are the long form.
 */
final class EngineSoak {
  private static final int LONG = 100_000;
  private static final int CONTEXT = 320;

  /** What the last quarter may add: of 25,000 steps less than 200 bytes each. */
  private static final double LONG_GROWTH_MEBIBYTES = 4;

  /** What it may add in a short form, while code is still being compiled. */
  private static final double SHORT_GROWTH_MEBIBYTES = 8;

  private final int steps;
  private final Precision precision;
  private final Random random = new Random(3);
  private final EngineInbox inbox = new EngineInbox(16);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Iterator<Ask> asks = List.<Ask>of().iterator();

  EngineSoak(int steps, Precision precision) {
    this.steps = steps;
    this.precision = precision;
  }

  /**
   * Runs that many steps and prints the curve; fails if it is not flat. The heap is to be of one size
   * and touched from the beginning, or its growth hides that of native memory:
   * {@code -Xms96m -Xmx96m -XX:+AlwaysPreTouch}.
   *
   * @param arguments how many steps, and in which precision; none: the long form, in float32
   */
  public static void main(String[] arguments) throws Exception {
    int steps = arguments.length == 0 ? LONG : Integer.parseInt(arguments[0]);
    Precision precision = arguments.length < 2 ? Precision.F32 : Precision.valueOf(arguments[1]);
    EngineSoak soak = new EngineSoak(steps, precision);
    MemoryCurve curve = soak.run();
    double preemptions = soak.count("sirocco.num.preemptions");
    double cached = soak.count("sirocco.prefix.cache.hits");
    System.out.println(curve);
    System.out.printf(
        "%d steps, %.0f preemptions, %.0f tokens reused, growth at the end %.2f MiB%n",
        steps, preemptions, cached, curve.growth());
    if (curve.growth() > mostGrowth(steps) || preemptions == 0 || cached == 0) {
      throw new IllegalStateException("expected preemptions, reuse and a flat curve");
    }
  }

  private static double mostGrowth(int steps) {
    return steps < LONG ? SHORT_GROWTH_MEBIBYTES : LONG_GROWTH_MEBIBYTES;
  }

  double count(String counter) {
    return registry.get(counter).functionCounter().count();
  }

  /** Runs on a real tiny model, with 40 looks at the memory. */
  MemoryCurve run() throws Exception {
    TorchModelSettings settings = new TorchModelSettings(precision, 2048, CONTEXT, 1);
    try (CausalModel model = TorchModel.load(
        ModelFolder.openWithoutTokenizer(CheckpointFolders.NO_WINDOW),
        settings,
        (bytes, total) -> {})) {
      return run(model);
    }
  }

  private MemoryCurve run(CausalModel model) throws IOException {
    EngineLoop loop =
        new EngineLoop(inbox, model, new EngineLimits(16, 256, 64), registry, Tags.empty());
    MemoryCurve curve = new MemoryCurve();
    int interval = steps / 40;
    for (int step = 0; step <= steps; step++) {
      submit();
      loop.step();
      if (step > 0 && step % interval == 0) {
        curve.note(step);
      }
    }
    return curve;
  }

  private void submit() {
    if (inbox.size() >= 8) {
      return;
    }
    if (!asks.hasNext()) {
      asks = new Workload(320, CONTEXT / 2, CONTEXT / 2).draw(random, 100).iterator();
    }
    GenerationRequest request =
        asks.next().request("q" + random.nextInt(4), new RecordingListener());
    inbox.offer(request);
    if (random.nextInt(20) == 0) {
      inbox.cancel(request);
    }
  }
}
