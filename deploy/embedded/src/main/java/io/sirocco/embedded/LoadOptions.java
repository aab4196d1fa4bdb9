package io.sirocco.embedded;

import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.torch.Precision;
import io.sirocco.worker.model.torch.TorchModelSettings;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--precision",
      paramLabel = "P",
      defaultValue = "bf16",
      description =
          "Number format of weights and arithmetic: bf16 or f32 (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.BF16;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the model (default: one for each core).")
  private @Nullable Integer threads;

  /** Loads the model of {@code folder}, and shows on {@code progress} how far it is. */
  ServedModel load(ModelFolder folder, PrintWriter progress) throws ModelLoadException {
    int context = Math.min(folder.config().maxPositions(), MOST_CONTEXT_TOKENS);
    return ServedModel.load(
        folder,
        new TorchModelSettings(
            precision, CONTEXTS * Extent.capacityFor(context), context, threads()),
        new LoadBar(progress, System::nanoTime));
  }

  /** The number format of weights and arithmetic. */
  Precision precision() {
    return precision;
  }

  /** The bytes of a weight, and of an element of the cache. */
  double bytesPerElement() {
    return switch (precision) {
      case F32 -> Float.BYTES;
      case BF16 -> Short.BYTES;
    };
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
