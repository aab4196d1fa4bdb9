package io.sirocco.worker.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.torch.Precision;
import io.sirocco.worker.model.torch.TorchModel;
import io.sirocco.worker.model.torch.TorchModelSettings;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a model, its tokenizer or its configuration is found. */
class ModelVerifierTest {
  private static final double TOLERANCE = 1e-4;
  private static final Path WINDOWED = CheckpointFolders.golden("tiny-mistral-w8.json");
  private static final Path NO_WINDOW = CheckpointFolders.golden("tiny-mistral-nowin.json");
  private static final Path DEMO = CheckpointFolders.DEMO.resolve("golden.json");

  @TempDir
  private Path folder;

  @Test
  void demoModelPassesWithItsTexts() throws Exception {
    VerificationReport report = verifyDemo(DEMO);
    assertThat(report.passes(Tolerance.ofEach(TOLERANCE))).isTrue();
    assertThat(report.textsCompared()).isEqualTo(12);
    assertThat(report.greedyAgreeing()).isEqualTo(report.greedyCompared()).isEqualTo(247);
  }

  @Test
  void missingWindowIsFound() throws Exception {
    CheckpointFolders.windowed(folder);
    replaceInConfig("\"sliding_window\": 8", "\"sliding_window\": null");
    assertThat(verify(folder, WINDOWED).passes(Tolerance.ofEach(0.5))).isFalse();
  }

  @Test
  void oneExpertTooFewIsFound() throws Exception {
    CheckpointFolders.copy(CheckpointFolders.EXPERTS, folder);
    replaceInConfig("\"num_experts_per_tok\": 2", "\"num_experts_per_tok\": 1");
    assertThat(verify(folder, CheckpointFolders.golden("tiny-mixtral-4x2.json"))
            .passes(Tolerance.ofEach(0.5)))
        .isFalse();
  }

  @Test
  void wrongEpsilonIsFound() throws Exception {
    CheckpointFolders.copy(CheckpointFolders.NO_WINDOW, folder);
    replaceInConfig("\"rms_norm_eps\": 1e-05", "\"rms_norm_eps\": 1e-03");
    assertThat(verify(folder, NO_WINDOW).passes(Tolerance.ofEach(TOLERANCE))).isFalse();
  }

  @Test
  void disagreementNamesStepAndTokens() throws Exception {
    Path golden = alteredDemo("    344,\n    613,\n    281,", "    344,\n    614,\n    281,");
    VerificationReport report = verifyDemo(golden);
    Disagreement first = report.disagreements().get(0);
    assertThat(first.caseName()).isEqualTo("single turn");
    assertThat(first.step()).isEqualTo(1);
    assertThat(first.expected()).isEqualTo(614);
    assertThat(first.found()).isEqualTo(613);
    assertThat(first.gap()).isGreaterThan(1);
    assertThat(report.passes(Tolerance.ofEach(TOLERANCE))).isFalse();
  }

  @Test
  void textThatIsEncodedOtherwiseIsFound() throws Exception {
    VerificationReport report = verifyDemo(
        alteredDemo("<s>[INST] What is a mistral? [/INST]\"", "<s>[INST] What was it? [/INST]\""));
    assertThat(report.textFaults())
        .singleElement()
        .asString()
        .startsWith("single turn: expected 8");
    assertThat(report.passes(Tolerance.ofEach(TOLERANCE))).isFalse();
  }

  @Test
  void answerThatDecodesOtherwiseIsFound() throws Exception {
    VerificationReport report = verifyDemo(
        alteredDemo("\"The capital of France is Paris.", "\"The capital of France was Paris."));
    assertThat(report.textFaults())
        .singleElement()
        .asString()
        .contains("decode to another text")
        .doesNotContain("Paris");
    assertThat(report.passes(Tolerance.ofEach(TOLERANCE))).isFalse();
  }

  @Test
  void modelOfWhichNothingWasComparedDoesNotPass() throws Exception {
    VerificationReport report = verifyDemo(golden("\"text\": \"<s>\", \"prompt\": [1]"));

    assertThat(report.textsCompared()).isOne();
    assertThat(report.textFaults()).isEmpty();
    assertThat(report.passes(Tolerance.ofEach(TOLERANCE))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"prompt\": [1, 2560], \"greedy48_ignore_eos\": [5]",
        "\"prompt\": [1], \"greedy48_ignore_eos\": [5, 2560]",
        "\"prompt\": [1, 5], \"top5\": [[[2560, 0.5]], []]"
      })
  void tokenIdBeyondTheVocabularyIsNamedInOneLine(String goldenCase) throws Exception {
    Path golden = golden(goldenCase);

    assertThatThrownBy(() -> verifyDemo(golden))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage("golden case 'x': expected token ids below the model's vocabulary of 2560, "
            + "found 2560");
  }

  private Path golden(String goldenCase) throws Exception {
    return Files.writeString(
        folder.resolve("golden.json"),
        "{\"cases\": [{\"name\": \"x\", %s}]}".formatted(goldenCase));
  }

  private Path alteredDemo(String text, String replacement) throws Exception {
    Path golden = folder.resolve("golden.json");
    Files.writeString(golden, Files.readString(DEMO));
    CheckpointFolders.replace(golden, text, replacement);
    return golden;
  }

  private static VerificationReport verifyDemo(Path golden) throws Exception {
    GoldenFile file = GoldenFile.read(golden);
    ModelFolder model = ModelFolder.open(CheckpointFolders.DEMO);
    try (CausalModel loaded = load(model, file);
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.load(model.tokenizerFile())) {
      return new ModelVerifier(loaded, tokenizer).verify(file);
    }
  }

  private static VerificationReport verify(Path folder, Path golden) throws Exception {
    GoldenFile file = GoldenFile.read(golden);
    try (CausalModel model = load(ModelFolder.openWithoutTokenizer(folder), file)) {
      return new ModelVerifier(model, null).verify(file);
    }
  }

  private static CausalModel load(ModelFolder folder, GoldenFile golden) throws Exception {
    return TorchModel.load(
        folder,
        new TorchModelSettings(
            Precision.F32, Extent.capacityFor(golden.contextTokens()), golden.contextTokens(), 1),
        (loaded, total) -> {});
  }

  private void replaceInConfig(String text, String replacement) {
    CheckpointFolders.replace(folder.resolve("config.json"), text, replacement);
  }
}
