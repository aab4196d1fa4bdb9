package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.folder.SafetensorsCopy;
import io.sirocco.worker.tokenizer.Tokenizer;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import io.sirocco.worker.verify.GoldenFile;
import io.sirocco.worker.verify.ModelVerifier;
import io.sirocco.worker.verify.Perplexity;
import io.sirocco.worker.verify.ScoredText;
import io.sirocco.worker.verify.Tolerance;
import io.sirocco.worker.verify.VerificationReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Eight and four bits stay as near to the reference as is documented, and say where they cannot. */
class QuantisedModelTest {
  /** Those of {@code verify-model}. */
  static final Tolerance W8A8_TOLERANCE = new Tolerance(3, 0.15);

  static final Tolerance INT4_TOLERANCE = new Tolerance(3, 0.5);

  private static final Path TEXT = Path.of("src/test/resources/verify/winds.txt");
  private static final int CONTEXT = 64;
  private static final int LONG = 256;

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"W8A8", "INT4"})
  void goldenLogitsAreWithinTheDocumentedError(Precision precision, @TempDir Path windowed)
      throws Exception {
    assertNear(CheckpointFolders.NO_WINDOW, "tiny-mistral-nowin.json", precision);
    assertNear(CheckpointFolders.windowed(windowed), "tiny-mistral-w8.json", precision);
    assertNear(CheckpointFolders.VOCABULARY_32K, "tiny-mistral-vocab32k-bf16.json", precision);
    assertNear(CheckpointFolders.EXPERTS, "tiny-mixtral-4x2.json", precision);
  }

  /** Near, and not equal: weights that were not quantised would be noticed as well. */
  private static void assertNear(Path folder, String golden, Precision precision) throws Exception {
    GoldenFile file = GoldenFile.read(CheckpointFolders.golden(golden));
    try (TorchModel model = load(folder, precision, file.contextTokens())) {
      VerificationReport report = new ModelVerifier(model, null).verify(file);
      Tolerance tolerance = precision == Precision.W8A8 ? W8A8_TOLERANCE : INT4_TOLERANCE;
      assertThat(report.passes(tolerance)).as("%s: %s", golden, report).isTrue();
      assertThat(report.typicalLogitDifference())
          .as(golden)
          .isGreaterThan(tolerance.typical() / 20);
    }
  }

  @Test
  void theTextSurprisesTheQuantisedDemoModelLittleMore() throws Exception {
    double exact = perplexity(Precision.F32);
    assertThat(perplexity(Precision.BF16)).isCloseTo(exact, within(0.01 * exact));
    assertThat(perplexity(Precision.W8A8)).isCloseTo(exact, within(0.02 * exact));
    assertThat(perplexity(Precision.INT4)).isCloseTo(exact, within(0.15 * exact));
  }

  private static double perplexity(Precision precision) throws Exception {
    ModelFolder folder = ModelFolder.open(CheckpointFolders.DEMO);
    try (Tokenizer tokenizer = HuggingFaceTokenizer.load(folder.tokenizerFile());
        TorchModel model = load(folder.path(), precision, 1024)) {
      Perplexity perplexity = new Perplexity(model);
      for (ScoredText text : ScoredText.of(Files.readString(TEXT), tokenizer)) {
        perplexity.add(text.tokens(), text.scoredFrom());
      }
      return perplexity.value();
    }
  }

  /** Each row has a scale of its own: what others of the step hold does not matter. */
  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"W8A8", "INT4"})
  void companyChangesNothing(Precision precision) throws Exception {
    int[] tokens = {1, 20, 30, 40, 50};
    Span alone = new Span(new Extent(0, CONTEXT), 0, tokens, 5);
    Span other = new Span(new Extent(CONTEXT, CONTEXT), 0, new int[] {7, 300, 2, 9}, 4);
    try (TorchModel model = load(CheckpointFolders.NO_WINDOW, precision, CONTEXT)) {
      float[] expected = model.forward(new ForwardInput(List.of(alone))).values();
      float[] found = model.forward(new ForwardInput(List.of(alone, other))).values();
      assertThat(Arrays.copyOf(found, expected.length)).containsExactly(expected, within(2e-2f));
    }
  }

  /** Many rows take another way through the weights, and are rounded at other places. */
  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"W8A8", "INT4"})
  void aLongPromptGivesWhatItsPartsGive(Precision precision) throws Exception {
    try (TorchModel model = load(CheckpointFolders.NO_WINDOW, precision, LONG)) {
      assertThat(lastLogits(model, LONG)).containsExactly(lastLogits(model, 50), within(0.3f));
    }
  }

  /** As of models to which a few tokens were added: the kernel takes 16 rows of the head together. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void anyNumberOfTokensIsAVocabulary(Precision precision, @TempDir Path target) throws Exception {
    int tokens = 307;
    Path less = CheckpointFolders.withConfig(
        CheckpointFolders.NO_WINDOW, target, "\"vocab_size\": 320", "\"vocab_size\": " + tokens);
    SafetensorsCopy.keepFirstTokens(less.resolve("model.safetensors"), tokens);
    try (TorchModel model = load(less, precision, LONG);
        TorchModel whole = load(CheckpointFolders.NO_WINDOW, precision, LONG)) {
      for (int part : new int[] {50, LONG}) {
        assertThat(lastLogits(model, part))
            .containsExactly(Arrays.copyOf(lastLogits(whole, part), tokens), within(2e-2f));
      }
    }
  }

  @Test
  void weightsThatAreInAnotherOrderAreNotWidened() throws Exception {
    String otherwise = TorchProgram.decoder().replace("bitwise_xor(bytes, -120)", "neg(bytes)");
    assertThat(otherwise).isNotEqualTo(TorchProgram.decoder());
    try (TorchModel model = load(CheckpointFolders.NO_WINDOW, Precision.INT4, LONG);
        TorchModel other = TorchModel.load(
            ModelFolder.openWithoutTokenizer(CheckpointFolders.NO_WINDOW),
            new TorchModelSettings(Precision.INT4, LONG, LONG, 1),
            (loaded, total) -> {},
            otherwise,
            Computation::onProcessors)) {
      assertThat(lastLogits(other, LONG)).containsExactly(lastLogits(model, 50), within(0.3f));
    }
  }

  /** Of a prompt that is computed in parts of so many tokens. */
  private static float[] lastLogits(TorchModel model, int tokensOfAPart) throws Exception {
    float[] logits = {};
    for (int start = 0; start < LONG; start += tokensOfAPart) {
      int[] tokens = IntStream.range(start, Math.min(LONG, start + tokensOfAPart))
          .map(position -> 3 + position * 7 % 300)
          .toArray();
      Span part = new Span(new Extent(0, LONG), start, tokens, 1);
      logits = model.forward(new ForwardInput(List.of(part))).values();
    }
    return logits;
  }

  @Test
  void processorWithoutTheKernelIsSaid() {
    assertThatThrownBy(() -> loadOnOldProcessor(Optional.empty()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("expected a processor that computes w8a8")
        .hasMessageContaining("worker.precision-fallback");
  }

  @Test
  void processorWithoutTheKernelTakesTheFallback() throws Exception {
    int[] tokens = {1, 20, 30};
    ForwardInput input = new ForwardInput(List.of(new Span(new Extent(0, CONTEXT), 0, tokens, 3)));
    try (TorchModel fallback = loadOnOldProcessor(Optional.of(Precision.F32));
        TorchModel wanted = load(CheckpointFolders.NO_WINDOW, Precision.F32, CONTEXT)) {
      assertThat(fallback.forward(input).values())
          .containsExactly(wanted.forward(input).values(), within(1e-5f));
    }
  }

  private static TorchModel loadOnOldProcessor(Optional<Precision> fallback) throws Exception {
    return TorchModel.load(
        ModelFolder.openWithoutTokenizer(CheckpointFolders.NO_WINDOW),
        new TorchModelSettings(
            ComputeDevice.CPU, Precision.W8A8, fallback, 2 * CONTEXT, CONTEXT, 1),
        (loaded, total) -> {},
        TorchProgram.decoder(),
        (program, scope, wanted) -> wanted == Precision.W8A8
            ? Optional.empty()
            : Computation.onProcessors(program, scope, wanted));
  }

  @ParameterizedTest
  @CsvSource({
    "value=127., value=100.",
    "alpha=127., alpha=100.",
    // As if numbers did not wrap around.
    "'alpha=127.).to(1)', 'alpha=127.).clamp(-128., 127.).to(1)'"
  })
  void kernelThatComputesSomethingElseIsNotTaken(String right, String wrong) throws Exception {
    String clipping = TorchProgram.decoder().replace(right, wrong);
    assertThat(clipping).isNotEqualTo(TorchProgram.decoder());
    assertThatThrownBy(() -> TorchModel.load(
            ModelFolder.openWithoutTokenizer(CheckpointFolders.NO_WINDOW),
            new TorchModelSettings(Precision.W8A8, 2 * CONTEXT, CONTEXT, 1),
            (loaded, total) -> {},
            clipping,
            Computation::onProcessors))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("expected a processor that computes w8a8");
  }

  private static TorchModel load(Path folder, Precision precision, int context) throws Exception {
    return TorchModel.load(
        ModelFolder.openWithoutTokenizer(folder),
        new TorchModelSettings(precision, 2 * Extent.capacityFor(context), context, 1),
        (loaded, total) -> {});
  }
}
