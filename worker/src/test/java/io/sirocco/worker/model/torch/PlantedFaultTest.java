package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.verify.GoldenFile;
import io.sirocco.worker.verify.ModelVerifier;
import io.sirocco.worker.verify.Tolerance;
import io.sirocco.worker.verify.VerificationReport;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes that a decoder can easily make do not pass verification. */
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

  /** One step more, and the greatest value of a row leaves what eight bits hold. */
  @ParameterizedTest
  @ValueSource(strings = {"value=%d.", "alpha=%d."})
  void unclampedActivationsAreFound(String factor) throws Exception {
    assertQuantisedFails(
        "W8A8", factor.formatted(127), factor.formatted(129), QuantisedModelTest.W8A8_TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "W8A8 | scales.append(torch.div(row_scales, 127.)) "
            + "| scales.append(torch.div(torch.flip(row_scales, [0]), 127.))",
        "INT4 | scales.append(pairs) | scales.append(torch.flip(pairs, [1]))",
        "INT4 | scales.append(pairs) | scales.append(torch.flip(pairs, [2]))",
      })
  void swappedScalesAreFound(Precision precision, String right, String wrong) throws Exception {
    assertQuantisedFails(
        precision.name(),
        right,
        wrong,
        precision == Precision.W8A8
            ? QuantisedModelTest.W8A8_TOLERANCE
            : QuantisedModelTest.INT4_TOLERANCE);
  }

  private static void assertQuantisedFails(
      String precision, String right, String wrong, Tolerance tolerance) throws Exception {
    assertThat(TorchProgram.decoder()).containsOnlyOnce(right);
    String planted = TorchProgram.decoder().replace(right, wrong);
    VerificationReport report = verify(
        CheckpointFolders.NO_WINDOW,
        CheckpointFolders.golden("tiny-mistral-nowin.json"),
        Precision.valueOf(precision),
        planted);
    assertThat(report.passes(tolerance)).isFalse();
    assertThat(report.typicalLogitDifference()).isGreaterThan(2 * tolerance.typical());
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
        PlantedFaultTest::kernel)) {
      return new ModelVerifier(model, null).verify(file);
    }
  }

  /** Without the probe, which finds some of these before the reference does. */
  private static Optional<Computation> kernel(
      TorchProgram program, NativeScope model, Precision precision) {
    return switch (precision) {
      case F32, BF16 -> Computation.onProcessors(program, model, precision);
      case W8A8 -> Optional.of(Computation.onProcessors(LinearKernel.W8A8));
      case INT4 -> Optional.of(Computation.onProcessors(LinearKernel.INT4_WIDENED));
    };
  }

  private static void assertFails(VerificationReport report, double tolerance) {
    assertThat(report.passes(Tolerance.ofEach(tolerance))).isFalse();
    assertThat(report.largestLogitDifference()).isGreaterThan(10 * tolerance);
    assertThat(report.greedyAgreeing()).isLessThan(report.greedyCompared());
  }

  private void replaceInConfig(String text, String replacement) {
    CheckpointFolders.replace(folder.resolve("config.json"), text, replacement);
  }
}
