package io.sirocco.worker.model.folder;

import io.sirocco.worker.model.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint folder holds, and all that it lacks, where opening it would stop at the first.
 *
 * <p>Immutable.
 *
 * @param config null where it cannot be read
 * @param embeddingBytes of the embedding in its file; 0 where it is missing
 * @param missing one line each; empty when the folder can be served
 */
public record FolderReport(
    @Nullable ModelConfig config, long embeddingBytes, List<String> missing) {
  private static final int SHOWN_TENSORS = 3;

  public FolderReport {
    missing = List.copyOf(missing);
  }

  /** Looks at everything in the folder but the numbers of its tensors. */
  public static FolderReport of(Path path) throws ModelLoadException {
    if (!Files.isDirectory(path)) {
      throw new ModelLoadException(path + ": expected a folder, found none");
    }
    List<String> missing = new ArrayList<>();
    ModelConfig config = null;
    long embedding = 0;
    try {
      config = ModelConfig.read(ModelFolder.require(path, "config.json"));
      embedding = tensors(path, DecoderTensors.of(config), missing);
    } catch (ModelLoadException e) {
      missing.add(e.getMessage());
    }
    text(path, missing);
    return new FolderReport(config, embedding, missing);
  }

  /** Returns the bytes of the embedding. */
  private static long tensors(Path path, DecoderTensors tensors, List<String> missing)
      throws ModelLoadException {
    Checkpoint checkpoint = Checkpoint.open(path);
    List<String> faults = new ArrayList<>();
    for (TensorSpec spec : tensors.all()) {
      try {
        checkpoint.check(spec);
      } catch (ModelLoadException e) {
        faults.add(e.getMessage());
      }
    }
    missing.addAll(faults.subList(0, Math.min(SHOWN_TENSORS, faults.size())));
    if (faults.size() > SHOWN_TENSORS) {
      missing.add("and %d more tensors".formatted(faults.size() - SHOWN_TENSORS));
    }
    return faults.isEmpty() ? checkpoint.check(tensors.embedding()) : 0;
  }

  private static void text(Path path, List<String> missing) {
    try {
      ModelFolder.require(path, "tokenizer.json");
    } catch (ModelLoadException e) {
      missing.add(e.getMessage());
    }
    try {
      TokenizerConfig.read(path, ModelFolder.require(path, "tokenizer_config.json"));
    } catch (ModelLoadException e) {
      missing.add(e.getMessage());
    }
    try {
      if (GenerationConfig.read(path).eosTokenIds().isEmpty()) {
        missing.add(path + ": expected eos_token_id, found none: only their length ends answers");
      }
    } catch (ModelLoadException e) {
      missing.add(e.getMessage());
    }
  }
}
