package io.sirocco.embedded;

import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.torch.Precision;
import io.sirocco.worker.model.torch.TorchModelSettings;
import java.nio.file.Path;

/** Loads the demo model for tests. */
final class DemoModels {
  private static final Path FOLDER = Path.of("..", "models", "demo");

  private DemoModels() {}

  /** In the reference precision, with room for {@code sequences} sequences. */
  static ServedModel f32(int sequences) throws ModelLoadException {
    ModelFolder folder = ModelFolder.open(FOLDER);
    TorchModelSettings settings = new TorchModelSettings(
        Precision.F32,
        sequences * Extent.capacityFor(folder.config().maxPositions()),
        folder.config().maxPositions(),
        2);
    return ServedModel.load(folder, settings, (loaded, total) -> {});
  }
}
