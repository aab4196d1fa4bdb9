package io.sirocco.embedded;

import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.torch.ComputeDevice;
import io.sirocco.worker.model.torch.LoadProgress;
import io.sirocco.worker.model.torch.Precision;
import io.sirocco.worker.model.torch.TorchModelSettings;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options that say how a model is loaded.
 *
 * <p>Confined to the main thread.
 */
final class LoadOptions {
  /** A few sequences at once; each takes cache only as it grows. */
  private static final int CONTEXTS = 8;

  private static final int MOST_CONTEXT_TOKENS = 32_768;

  @Mixin
  private final DeviceOption device = new DeviceOption();

  @Option(
      names = "--precision",
      paramLabel = "P",
      defaultValue = "bf16",
      description =
          "Number format of weights and arithmetic: f32, bf16, w8a8 or int4 (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.BF16;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the model (default: one for each core).")
  private @Nullable Integer threads;

  /** Loads the model of {@code folder}, and shows on {@code progress} how far it is. */
  ServedModel load(ModelFolder folder, PrintWriter progress) throws ModelLoadException {
    return load(folder, new LoadBar(progress, System::nanoTime));
  }

  /** Loads the model of {@code folder}, and tells {@code progress} how far it is. */
  ServedModel load(ModelFolder folder, LoadProgress progress) throws ModelLoadException {
    int context = Math.min(folder.config().maxPositions(), MOST_CONTEXT_TOKENS);
    return ServedModel.load(
        folder, settings(CONTEXTS * Extent.capacityFor(context), context), progress);
  }

  /** How a model is loaded with a cache of so many tokens for sequences of at most so many. */
  TorchModelSettings settings(int cacheTokens, int contextTokens) throws ModelLoadException {
    return new TorchModelSettings(precision, cacheTokens, contextTokens, threads())
        .on(device.device());
  }

  /** Where the model is computed. */
  ComputeDevice device() {
    return device.device();
  }

  /** The number format of weights and arithmetic. */
  Precision precision() {
    return precision;
  }

  /**
   * How many threads share an operation.
   *
   * @throws ModelLoadException when that many cannot be
   */
  int threads() throws ModelLoadException {
    int parallel = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    if (parallel < 1) {
      throw new ModelLoadException("expected --threads of 1 or more, found " + parallel);
    }
    return parallel;
  }
}
