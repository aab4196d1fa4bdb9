package io.sirocco.embedded;

import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.ModelFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options that say which model is loaded, and how.
 *
 * <p>Confined to the main thread.
 */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Checkpoint folder in HuggingFace form; default: the demo model.")
  private @Nullable Path folder;

  @Mixin
  private final LoadOptions load = new LoadOptions();

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
    return load.load(opened, progress);
  }
}
