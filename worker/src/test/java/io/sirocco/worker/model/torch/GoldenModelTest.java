package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.folder.SafetensorsCopy;
import io.sirocco.worker.model.folder.ShardedCheckpoint;
import io.sirocco.worker.verify.GoldenFile;
import io.sirocco.worker.verify.ModelVerifier;
import io.sirocco.worker.verify.Tolerance;
import io.sirocco.worker.verify.VerificationReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The decoder computes what the reference computed from the same weights. */
class GoldenModelTest {
  private static final double TOLERANCE = 1e-4;

  /** A little more than is found: CPUs round in other places. */
  private static final double BF16_TOLERANCE = 8e-2;

  private static final Path NO_WINDOW_GOLDEN = CheckpointFolders.golden("tiny-mistral-nowin.json");
  private static final Path WINDOWED_GOLDEN = CheckpointFolders.golden("tiny-mistral-w8.json");
  private static final Path EXPERTS_GOLDEN = CheckpointFolders.golden("tiny-mixtral-4x2.json");
  private static final Path VOCABULARY_32K_GOLDEN =
      CheckpointFolders.golden("tiny-mistral-vocab32k-bf16.json");

  @Test
  void modelWithoutWindowEqualsReference() throws Exception {
    assertEqualsReference(verify(CheckpointFolders.NO_WINDOW, NO_WINDOW_GOLDEN));
  }

  @Test
  void modelWithWindowEqualsReference(@TempDir Path folder) throws Exception {
    assertEqualsReference(verify(CheckpointFolders.windowed(folder), WINDOWED_GOLDEN));
  }

  @Test
  void bfloat16WeightsInFloat32EqualReference() throws Exception {
    assertEqualsReference(verify(CheckpointFolders.VOCABULARY_32K, VOCABULARY_32K_GOLDEN));
  }

  @Test
  void modelWithExpertsEqualsReference() throws Exception {
    assertEqualsReference(verify(CheckpointFolders.EXPERTS, EXPERTS_GOLDEN));
  }

  @Test
  void modelInShardsEqualsReference(@TempDir Path folder) throws Exception {
    CheckpointFolders.copy(CheckpointFolders.NO_WINDOW, folder);
    ShardedCheckpoint.split(folder, 3);
    assertEqualsReference(verify(folder, NO_WINDOW_GOLDEN));
  }

  @Test
  void demoModelWithTiedEmbeddingEqualsReference() throws Exception {
    assertEqualsReference(
        verify(CheckpointFolders.DEMO, CheckpointFolders.DEMO.resolve("golden.json")));
  }

  @Test
  void plainLinearLayersEqualReference() throws Exception {
    GoldenFile golden = GoldenFile.read(NO_WINDOW_GOLDEN);
    ModelFolder folder = ModelFolder.openWithoutTokenizer(CheckpointFolders.NO_WINDOW);
    TorchModelSettings settings = new TorchModelSettings(Precision.F32, 128, 80, 1);
    try (TorchModel model = TorchModel.load(
        folder,
        settings,
        (loaded, total) -> {},
        TorchProgram.decoder(),
        (program, scope, type) -> Optional.of(Computation.onProcessors(LinearKernel.PLAIN)))) {
      assertEqualsReference(new ModelVerifier(model, null).verify(golden));
    }
  }

  /** Near, and not equal: a path that computed in float32 would be noticed as well. */
  @Test
  void bfloat16StaysNearReference(@TempDir Path folder) throws Exception {
    CheckpointFolders.windowed(folder);
    Tolerance tolerance = new Tolerance(BF16_TOLERANCE, BF16_TOLERANCE);
    for (VerificationReport dense : List.of(
        nearReference(CheckpointFolders.NO_WINDOW, NO_WINDOW_GOLDEN),
        nearReference(folder, WINDOWED_GOLDEN),
        nearReference(CheckpointFolders.VOCABULARY_32K, VOCABULARY_32K_GOLDEN))) {
      assertThat(dense.passes(tolerance)).isTrue();
    }
    // Rounding sends a token to another expert, which prefers another one.
    nearReference(CheckpointFolders.EXPERTS, EXPERTS_GOLDEN);
  }

  @Test
  void float16WeightsGiveWhatTheirFloat32ValuesGive(@TempDir Path half, @TempDir Path single)
      throws Exception {
    CheckpointFolders.copy(CheckpointFolders.NO_WINDOW, half);
    CheckpointFolders.copy(CheckpointFolders.NO_WINDOW, single);
    SafetensorsCopy.storeAsHalf(half.resolve("model.safetensors"));
    SafetensorsCopy.roundToHalf(single.resolve("model.safetensors"));
    double halfDifference = verify(half, NO_WINDOW_GOLDEN).largestLogitDifference();
    assertThat(halfDifference).isBetween(TOLERANCE, 0.1);
    assertThat(halfDifference)
        .isCloseTo(verify(single, NO_WINDOW_GOLDEN).largestLogitDifference(), within(1e-5));
  }

  /** Half of the heads, against all of them with the output of the other half cut off. */
  @Test
  void headsNeedNotFillTheHiddenSize(@TempDir Path half, @TempDir Path cut) throws Exception {
    CheckpointFolders.copy(CheckpointFolders.NO_WINDOW, half);
    CheckpointFolders.copy(CheckpointFolders.NO_WINDOW, cut);
    SafetensorsCopy.keepFirstHeads(half.resolve("model.safetensors"), 2, 1, 16);
    SafetensorsCopy.silenceHeadsFrom(cut.resolve("model.safetensors"), 2, 16);
    CheckpointFolders.replace(
        half.resolve("config.json"), "\"num_attention_heads\": 4", "\"num_attention_heads\": 2");
    CheckpointFolders.replace(
        half.resolve("config.json"), "\"num_key_value_heads\": 2", "\"num_key_value_heads\": 1");
    int[] prompt = IntStream.range(1, 40).toArray();
    assertThat(logits(half, prompt))
        .containsExactly(logits(cut, prompt), within((float) TOLERANCE));
  }

  private static float[] logits(Path folder, int[] prompt) throws Exception {
    try (TorchModel model = TorchModel.load(
        ModelFolder.openWithoutTokenizer(folder),
        new TorchModelSettings(Precision.F32, 128, prompt.length, 1),
        (loaded, total) -> {})) {
      return model
          .forward(
              new ForwardInput(List.of(new Span(new Extent(0, 128), 0, prompt, prompt.length))))
          .values();
    }
  }

  @Test
  void weightsThatAreNotAlignedEqualReference(@TempDir Path folder) throws Exception {
    CheckpointFolders.copy(CheckpointFolders.NO_WINDOW, folder);
    SafetensorsCopy.misalign(folder.resolve("model.safetensors"));
    assertEqualsReference(verify(folder, NO_WINDOW_GOLDEN));
  }

  private static VerificationReport verify(Path folder, Path golden) throws Exception {
    return verify(folder, golden, Precision.F32);
  }

  private static VerificationReport verify(Path folder, Path golden, Precision precision)
      throws Exception {
    GoldenFile file = GoldenFile.read(golden);
    TorchModelSettings settings = new TorchModelSettings(
        precision, Extent.capacityFor(file.contextTokens()), file.contextTokens(), 1);
    try (TorchModel model = TorchModel.load(
        ModelFolder.openWithoutTokenizer(folder), settings, (loaded, total) -> {})) {
      return new ModelVerifier(model, null).verify(file);
    }
  }

  private static void assertEqualsReference(VerificationReport report) {
    assertThat(report.logitsCompared()).isPositive();
    assertThat(report.largestLogitDifference()).isLessThanOrEqualTo(TOLERANCE);
    assertThat(report.greedyCompared()).isPositive();
    assertThat(report.disagreements()).isEmpty();
  }

  private static VerificationReport nearReference(Path folder, Path golden) throws Exception {
    VerificationReport report = verify(folder, golden, Precision.BF16);
    assertThat(report.largestLogitDifference()).isBetween(TOLERANCE, BF16_TOLERANCE);
    return report;
  }
}
