package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescribeModelCommandTest {
  private static final String DEMO = "../models/demo";

  @Test
  void theDemoModelLacksNothing() {
    CommandLineRun run = CommandLineRun.of("model", "info", DEMO);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(
            "architecture: Mistral; 5 layers, hidden 256, feed-forward 640, 8 heads and 2 key-value heads of 32, vocabulary 2560",
            "parameters: 3.9 M, embedding 1.3 MB",
            "context: 1024 tokens, of which each looks at the last 256",
            "missing: nothing");
  }

  @Test
  void everyPrecisionHasItsMemory() {
    CommandLineRun run = CommandLineRun.of("model", "info", DEMO);

    assertThat(run.out())
        .containsPattern("f32 +15[.]7 +0[.]7 ")
        .containsPattern("bf16 +7[.]9 +0[.]3 ")
        .containsPattern("w8a8 +3[.]9 +0[.]3 ")
        .containsPattern("int4 +2[.]5 +0[.]3 ")
        .contains("memory bandwidth: ");
  }

  @Test
  void allThatIsMissingIsShownAtOnce(@TempDir Path folder) throws IOException {
    Files.copy(Path.of(DEMO, "config.json"), folder.resolve("config.json"));

    CommandLineRun run = CommandLineRun.of("model", "info", folder.toString());

    assertThat(run.exitCode()).isOne();
    assertThat(run.out())
        .contains("context: 1024 tokens")
        .contains("expected model.safetensors or")
        .contains("expected a file tokenizer.json, found none")
        .contains("expected a file tokenizer_config.json, found none");
  }

  @Test
  void aFolderThatIsNotThereIsOneLineAndExitCodeTwo() {
    CommandLineRun run = CommandLineRun.of("model", "info", "nowhere");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip()).isEqualTo("sirocco: nowhere: expected a folder, found none");
  }
}
