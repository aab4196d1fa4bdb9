package io.sirocco.benchmarks;

import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.torch.Precision;
import io.sirocco.worker.model.torch.TorchModel;
import io.sirocco.worker.model.torch.TorchModelSettings;
import java.nio.file.Path;
import java.util.Set;

/**
 * The checkpoint of a benchmark, in bf16.
 *
 * <p>Immutable.
 *
 * @param folder in HuggingFace form
 * @param threads how many threads share an operation
 */
record MeasuredModel(Path folder, int threads) {

  /** Loads the weights, with a cache for {@code sequences} of {@code contextTokens} each. */
  TorchModel load(int sequences, int contextTokens) throws ModelLoadException {
    return TorchModel.load(
        ModelFolder.openWithoutTokenizer(folder),
        settings(sequences, contextTokens),
        (loaded, total) -> {});
  }

  /** Loads all that a worker needs. Nothing but their length ends answers. */
  ServedModel loadServed(int sequences, int contextTokens) throws ModelLoadException {
    ServedModel served = ServedModel.load(
        ModelFolder.open(folder), settings(sequences, contextTokens), (loaded, total) -> {});
    return new ServedModel(served.causalModel(), served.tokenizer(), served.prompts(), Set.of());
  }

  /**
   * @param contextTokens a power of two
   */
  private TorchModelSettings settings(int sequences, int contextTokens) {
    return new TorchModelSettings(
        Precision.BF16, sequences * contextTokens, contextTokens, threads);
  }
}
