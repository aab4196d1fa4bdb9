package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.verify.GoldenFile;
import io.sirocco.worker.verify.ModelVerifier;
import io.sirocco.worker.verify.VerificationReport;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes that a decoder can easily make do not pass verification, in either precision. */
class PlantedFaultTest {
  private static final String RENORMALISATION =
      "    shares = torch.div(shares, torch.sum(shares, [1], True))\n";

  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource({"F32, 1e-4", "BF16, 8e-2"})
  void windowOffByOneIsFound(Precision precision, double tolerance) throws Exception {
    CheckpointFolders.windowed(folder);
    Path golden = CheckpointFolders.golden("tiny-mistral-w8.json");
    replaceInConfig("\"sliding_window\": 8", "\"sliding_window\": 9");
    VerificationReport tooWide = verify(folder, golden, precision, TorchProgram.decoder());
    replaceInConfig("\"sliding_window\": 9", "\"sliding_window\": 7");
    VerificationReport tooNarrow = verify(folder, golden, precision, TorchProgram.decoder());
    assertFails(tooWide, tolerance);
    assertFails(tooNarrow, tolerance);
  }

  @ParameterizedTest
  @CsvSource({"F32, 1e-4", "BF16, 8e-2"})
  void wrongRotaryBaseIsFound(Precision precision, double tolerance) throws Exception {
    CheckpointFolders.copy(CheckpointFolders.EXPERTS, folder);
    replaceInConfig("\"rope_theta\": 1000000.0", "\"rope_theta\": 10000.0");
    assertFails(
        verify(
            folder,
            CheckpointFolders.golden("tiny-mixtral-4x2.json"),
            precision,
            TorchProgram.decoder()),
        tolerance);
  }

  @ParameterizedTest
  @CsvSource({"F32, 1e-4", "BF16, 8e-2"})
  void unrenormalisedRouterIsFound(Precision precision, double tolerance) throws Exception {
    assertThat(TorchProgram.decoder()).containsOnlyOnce(RENORMALISATION);
    assertFails(
        verify(
            CheckpointFolders.EXPERTS,
            CheckpointFolders.golden("tiny-mixtral-4x2.json"),
            precision,
            TorchProgram.decoder().replace(RENORMALISATION, "")),
        tolerance);
  }

  private static VerificationReport verify(
      Path folder, Path golden, Precision precision, String program) throws Exception {
    GoldenFile file = GoldenFile.read(golden);
    TorchModelSettings settings = new TorchModelSettings(
        precision, Extent.capacityFor(file.contextTokens()), file.contextTokens(), 1);
    try (TorchModel model = TorchModel.load(
        ModelFolder.openWithoutTokenizer(folder),
        settings,
        (loaded, total) -> {},
        program,
        LinearKernel::fastest)) {
      return new ModelVerifier(model, null).verify(file);
    }
  }

  private static void assertFails(VerificationReport report, double tolerance) {
    assertThat(report.passes(tolerance)).isFalse();
    assertThat(report.largestLogitDifference()).isGreaterThan(10 * tolerance);
    assertThat(report.greedyAgreeing()).isLessThan(report.greedyCompared());
  }

  private void replaceInConfig(String text, String replacement) {
    CheckpointFolders.replace(folder.resolve("config.json"), text, replacement);
  }
}
