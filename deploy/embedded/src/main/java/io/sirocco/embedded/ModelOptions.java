package io.sirocco.embedded;

import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.torch.Precision;
import io.sirocco.worker.model.torch.TorchModelSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that say which model is loaded, and how.
 *
 * <p>Confined to the main thread.
 */
final class ModelOptions {
  /** A few sequences at once are enough for one person; each takes cache only as it grows. */
  private static final int SLOTS = 4;

  private static final int MOST_CONTEXT_TOKENS = 32_768;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Checkpoint folder in HuggingFace form; default: the demo model.")
  private @Nullable Path folder;

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

  /** Whether the demo model is meant. */
  boolean isDemo() {
    return folder == null;
  }

  /** Opens the folder. */
  ModelFolder open() throws ModelLoadException {
    return ModelFolder.open(folder == null ? DemoModel.folder() : folder);
  }

  /** Loads the model of {@code opened}, and shows on {@code progress} how far it is. */
  ServedModel load(ModelFolder opened, PrintWriter progress) throws ModelLoadException {
    int context = Math.min(opened.config().maxPositions(), MOST_CONTEXT_TOKENS);
    TorchModelSettings settings = new TorchModelSettings(
        precision,
        SLOTS,
        context,
        threads == null ? Runtime.getRuntime().availableProcessors() : threads);
    return ServedModel.load(opened, settings, new LoadBar(progress));
  }
}
