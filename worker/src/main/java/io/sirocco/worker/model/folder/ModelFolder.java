package io.sirocco.worker.model.folder;

import io.sirocco.worker.model.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A checkpoint folder in HuggingFace's layout that was found complete: every tensor that the
 * configuration asks for is there, in its shape.
 *
 * <p>Immutable.
 *
 * @param path the folder
 * @param config the model's sizes
 * @param generation the tokens that end an answer
 * @param checkpoint the weights
 */
public record ModelFolder(
    Path path, ModelConfig config, GenerationConfig generation, Checkpoint checkpoint) {
  private static final String CONFIG = "config.json";
  private static final String TOKENIZER = "tokenizer.json";
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";

  /**
   * Opens a folder that can answer text.
   *
   * @throws ModelLoadException one line that names the folder and the fault
   */
  public static ModelFolder open(Path path) throws ModelLoadException {
    ModelFolder folder = openWithoutTokenizer(path);
    folder.require(TOKENIZER);
    return folder;
  }

  /** Opens a folder of which only token ids in and logits out are wanted, to check the weights. */
  public static ModelFolder openWithoutTokenizer(Path path) throws ModelLoadException {
    if (!Files.isDirectory(path)) {
      throw new ModelLoadException(
          "%s: expected a folder with %s, model.safetensors and %s, found no such folder"
              .formatted(path, CONFIG, TOKENIZER));
    }
    ModelConfig config = ModelConfig.read(require(path, CONFIG));
    Checkpoint checkpoint = Checkpoint.open(path);
    for (TensorSpec spec : DecoderTensors.of(config).all()) {
      checkpoint.check(spec);
    }
    return new ModelFolder(path, config, GenerationConfig.read(path), checkpoint);
  }

  /** Whether the folder holds a tokenizer. */
  public boolean hasTokenizer() {
    return Files.isRegularFile(path.resolve(TOKENIZER));
  }

  /** The tokenizer's definition, {@code tokenizer.json}. */
  public Path tokenizerFile() throws ModelLoadException {
    return require(TOKENIZER);
  }

  /** What the folder says about templates and their control tokens. */
  public TokenizerConfig tokenizerConfig() throws ModelLoadException {
    return TokenizerConfig.read(path, require(TOKENIZER_CONFIG));
  }

  private Path require(String name) throws ModelLoadException {
    return require(path, name);
  }

  static Path require(Path folder, String name) throws ModelLoadException {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new ModelLoadException("%s: expected a file %s, found none".formatted(folder, name));
    }
    return file;
  }
}
