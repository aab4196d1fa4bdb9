package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyModelCommandTest {
  private static final String DEMO = "../models/demo";
  private static final String EXPERTS = "../../worker/src/test/resources/golden/tiny-mixtral-4x2";

  @Test
  void theDemoModelPassesItsGoldenAnswersInF32() {
    CommandLineRun run = verify(DEMO + "/golden.json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("greedy tokens: 247 of 247 agree", "texts: 12 of 12 agree")
        .endsWith("passed" + System.lineSeparator());
  }

  @Test
  void aModelWithExpertsPassesInF32() {
    CommandLineRun run = CommandLineRun.of(
        "verify-model", "--model", EXPERTS, "--golden", EXPERTS + ".json", "--precision", "f32");

    assertThat(run.out())
        .contains("greedy tokens: 160 of 160 agree")
        .endsWith("passed" + System.lineSeparator());
    assertThat(run.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32", "bf16"})
  void aModelWithAnotherRotaryBaseFailsInEitherPrecision(String precision, @TempDir Path folder)
      throws IOException {
    Files.copy(Path.of(EXPERTS, "model.safetensors"), folder.resolve("model.safetensors"));
    String config = Files.readString(Path.of(EXPERTS, "config.json"));
    String altered = config.replace("\"rope_theta\": 1000000.0", "\"rope_theta\": 10000.0");
    assertThat(altered).isNotEqualTo(config);
    Files.writeString(folder.resolve("config.json"), altered);

    CommandLineRun run = CommandLineRun.of(
        "verify-model",
        "--model",
        folder.toString(),
        "--golden",
        EXPERTS + ".json",
        "--precision",
        precision);

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).endsWith("FAILED" + System.lineSeparator());
  }

  @Test
  void inBf16TheToleranceIsWider() {
    CommandLineRun run = verify(DEMO + "/golden.json", "--precision", "bf16");

    assertThat(run.out()).contains("(tolerance 7e-02)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"w8a8", "int4"})
  void theDemoModelPassesQuantised(String precision) {
    CommandLineRun run = verify(DEMO + "/golden.json", "--precision", precision);

    assertThat(run.out()).contains("greedy tokens: 247 of 247 agree");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void thePerplexityOfATextIsShownOnRequest() {
    CommandLineRun run =
        verify(DEMO + "/golden.json", "--text", "../../worker/src/test/resources/verify/winds.txt");

    assertThat(run.out()).contains("text: perplexity ");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void aDifferenceBeyondTheToleranceIsExitCodeOne() {
    CommandLineRun run = verify(DEMO + "/golden.json", "--tolerance", "1e-9");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).endsWith("FAILED" + System.lineSeparator());
  }

  @Test
  void anotherGreedyTokenIsShownWithItsPlace(@TempDir Path folder) throws IOException {
    Path altered = folder.resolve("golden.json");
    String golden = Files.readString(Path.of(DEMO, "golden.json"));
    Files.writeString(
        altered, golden.replaceFirst("(\"greedy48_ignore_eos\": \\[\\s*344,\\s*)613", "$1614"));

    CommandLineRun run = verify(altered.toString());

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains("single turn, token 1: expected 614, found 613");
  }

  @Test
  void aGoldenFileThatDoesNotExistIsOneLineAndExitCodeTwo() {
    CommandLineRun run = verify("nowhere.json");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().strip()).isEqualTo("sirocco: nowhere.json: expected a file, found none");
  }

  /** The hundredth card is on no machine. */
  @Test
  void aCardThatIsNotThereIsOneLineAndExitCodeTwo() {
    CommandLineRun run = verify(DEMO + "/golden.json", "--device", "cuda:99");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("expected a device cuda:99 that libtorch can use, found ");
  }

  @Test
  void anotherDeviceIsRefusedWithThoseThereAre() {
    CommandLineRun run = verify(DEMO + "/golden.json", "--device", "tpu");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--device", "expected cpu, cuda or cuda:N, found tpu");
  }

  private static CommandLineRun verify(String golden, String... more) {
    String[] args = new String[5 + more.length];
    args[0] = "verify-model";
    args[1] = "--model";
    args[2] = DEMO;
    args[3] = "--golden";
    args[4] = golden;
    System.arraycopy(more, 0, args, 5, more.length);
    return CommandLineRun.of(args);
  }
}
