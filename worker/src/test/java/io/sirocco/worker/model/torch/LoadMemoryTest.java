package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.engine.MeasuredProcess;
import io.sirocco.worker.model.folder.ZeroCheckpoint;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What loading costs besides the weights themselves, in a process of its own: what other tests left
 * to the allocator would be used again.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the memory of a process is read from /proc")
class LoadMemoryTest {
  private static final int VOCABULARY = 256;
  private static final int HIDDEN = 1024;
  private static final String CONFIG = """
      {"architectures": ["MistralForCausalLM"], "hidden_act": "silu", "hidden_size": %d,
       "num_hidden_layers": 10, "num_attention_heads": 16, "num_key_value_heads": 4,
       "intermediate_size": 4096, "vocab_size": %d, "rms_norm_eps": 1e-5,
       "max_position_embeddings": 64}
      """.formatted(HIDDEN, VOCABULARY);
  private static final Pattern GROWN = Pattern.compile("grown=(\\d+),(\\d+),(\\d+)");

  @TempDir
  private Path folder;

  /**
   * From float32, so that each matrix is also converted. Found were 1.07, 1.21 and 1.64 at most:
   * 20 to 60 MB that do not grow with the model. Levels of four bits that stayed unpacked would make
   * 2.6.
   */
  @ParameterizedTest
  @CsvSource({"BF16, 1.15", "W8A8, 1.5", "INT4, 1.9"})
  void privateMemoryGrowsByLittleMoreThanThePackedWeights(Precision precision, double most)
      throws Exception {
    long weights =
        ZeroCheckpoint.write(folder, CONFIG) - VOCABULARY * HIDDEN; // Less the embedding.

    String output = MeasuredProcess.run(LoadMemory.class, folder.toString(), precision.name());

    Matcher grown = GROWN.matcher(output);
    assertThat(grown.find()).as(output).isTrue();
    double packed = precision.bytesPerWeight() * weights;
    assertThat(Long.parseLong(grown.group(1)) / packed).as("at its peak").isBetween(0.9, most);
    assertThat(Long.parseLong(grown.group(2)) / packed).as("afterwards").isBetween(0.9, most);
    assertThat(grown.group(3)).isEqualTo(Integer.toString(VOCABULARY));
  }
}
