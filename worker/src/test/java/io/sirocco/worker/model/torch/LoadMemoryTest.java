package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.folder.ZeroCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What loading costs besides the weights themselves. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the memory of a process is read from /proc")
class LoadMemoryTest {
  private static final double MOST = 1.15;
  private static final int VOCABULARY = 256;
  private static final int HIDDEN = 1024;
  private static final String CONFIG = """
      {"architectures": ["MistralForCausalLM"], "hidden_act": "silu", "hidden_size": %d,
       "num_hidden_layers": 10, "num_attention_heads": 16, "num_key_value_heads": 4,
       "intermediate_size": 4096, "vocab_size": %d, "rms_norm_eps": 1e-5,
       "max_position_embeddings": 64}
      """.formatted(HIDDEN, VOCABULARY);

  @TempDir
  private Path folder;

  private long mostBytes;

  /** From float32, so that each matrix is also converted. */
  @Test
  void privateMemoryGrowsByLittleMoreThanThePackedWeights() throws Exception {
    long weights =
        ZeroCheckpoint.write(folder, CONFIG) - VOCABULARY * HIDDEN; // Less the embedding.
    load(CheckpointFolders.NO_WINDOW, (loaded, total) -> {}).close(); // What only the first costs.
    System.gc();
    long before = privateBytes();
    try (TorchModel model =
        load(folder, (loaded, total) -> mostBytes = Math.max(mostBytes, privateBytes() - before))) {
      assertThat(model.shape().vocabularySize()).isEqualTo(VOCABULARY);
      double packed = 2.0 * weights;
      assertThat(mostBytes / packed).as("at its peak").isBetween(0.9, MOST);
      assertThat((privateBytes() - before) / packed).as("afterwards").isBetween(0.9, MOST);
    }
  }

  private static TorchModel load(Path folder, LoadProgress progress) throws Exception {
    return TorchModel.load(
        ModelFolder.openWithoutTokenizer(folder),
        new TorchModelSettings(Precision.BF16, 64, 64, 1),
        progress);
  }

  /** What the process would not share with another one: no file pages. */
  private static long privateBytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/smaps_rollup")).stream()
          .filter(line -> line.startsWith("Anonymous:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
