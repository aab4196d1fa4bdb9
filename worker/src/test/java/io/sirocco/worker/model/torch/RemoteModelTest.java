package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.Likeliest;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.RowForm;
import io.sirocco.worker.model.Shortlist;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.sampling.Sampler;
import io.sirocco.worker.sampling.SamplingOutcome;
import io.sirocco.worker.sampling.SamplingParameters;
import io.sirocco.worker.sampling.SamplingParametersBuilder;
import io.sirocco.worker.sampling.SamplingScratch;
import io.sirocco.worker.verify.GoldenFile;
import io.sirocco.worker.verify.ModelVerifier;
import io.sirocco.worker.verify.VerificationReport;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps of a card, on the processors: all of them but the kernels. */
class RemoteModelTest {
  private static final float TOLERANCE = 1e-4f;
  private static final int CONTEXT = MixedSteps.CONTEXT;

  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void logitsEqualTheReference(boolean flash) throws Exception {
    CheckpointFolders.windowed(folder);
    assertEqualsReference(CheckpointFolders.NO_WINDOW, "tiny-mistral-nowin.json", flash);
    assertEqualsReference(folder, "tiny-mistral-w8.json", flash);
    assertEqualsReference(CheckpointFolders.EXPERTS, "tiny-mixtral-4x2.json", flash);
    assertEqualsReference(
        CheckpointFolders.VOCABULARY_32K, "tiny-mistral-vocab32k-bf16.json", flash);
  }

  private static void assertEqualsReference(Path checkpoint, String golden, boolean flash)
      throws Exception {
    GoldenFile file = GoldenFile.read(CheckpointFolders.golden(golden));
    int context = file.contextTokens();
    TorchModelSettings settings =
        new TorchModelSettings(Precision.F32, Extent.capacityFor(context), context, 1);
    try (TorchModel model = RemoteModels.load(checkpoint, settings, flash)) {
      VerificationReport report = new ModelVerifier(model, null).verify(file);
      assertThat(report.logitsCompared()).isPositive();
      assertThat(report.largestLogitDifference()).isLessThanOrEqualTo(TOLERANCE);
      assertThat(report.disagreements()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void mixedStepsGiveTheLogitsOfEachSequenceAlone(boolean flash) throws Exception {
    CheckpointFolders.windowed(folder);
    for (Path checkpoint :
        List.of(CheckpointFolders.NO_WINDOW, folder, CheckpointFolders.EXPERTS)) {
      try (TorchModel model = RemoteModels.load(checkpoint, settings(), flash)) {
        assertThat(MixedSteps.assertLikeEachAlone(model, TOLERANCE)).isPositive();
      }
    }
  }

  /** As wide as the place, a little less, and as little as such a place is made for. */
  @ParameterizedTest
  @CsvSource({"64, false", "64, true", "63, true", "33, true"})
  void whoGoesRoundHasTheLogitsOfALargerPlace(int window, boolean flash) throws Exception {
    CheckpointFolders.withWindow(folder, window);
    TorchModelSettings settings =
        new TorchModelSettings(Precision.F32, RoundPlaces.CACHE_TOKENS, RoundPlaces.CONTEXT, 1);
    try (TorchModel model = RemoteModels.load(folder, settings, flash)) {
      RoundPlaces.assertLikeLargerPlaces(model, TOLERANCE);
    }
  }

  @Test
  void ofARowWhoseLikeliestTokenServesNothingElseComesBack() throws Exception {
    int[] tokens = {1, 20, 30, 40};
    try (TorchModel model = RemoteModels.load(CheckpointFolders.NO_WINDOW, settings(), false)) {
      float[] whole = model.forward(input(tokens, RowForm.WHOLE)).values();
      LogitsBatch found = model.forward(input(tokens, RowForm.LIKELIEST));
      assertThat(found.values()).isEmpty();
      assertThat(found.rows()).isEqualTo(4);
      for (int row = 0; row < 4; row++) {
        float[] logits = Arrays.copyOfRange(whole, row * 320, (row + 1) * 320);
        int best = 0;
        for (int id = 1; id < 320; id++) {
          best = logits[id] > logits[best] ? id : best;
        }
        assertThat(found.partial(row)).isEqualTo(new Likeliest(best, logits[best]));
      }
    }
  }

  private static ForwardInput input(int[] tokens, RowForm form) {
    return input(tokens, form, 1);
  }

  private static ForwardInput input(int[] tokens, RowForm form, float scale) {
    return new ForwardInput(
        List.of(new Span(new Extent(0, CONTEXT), 0, tokens, tokens.length, form, scale)));
  }

  /** Of 32,000 logits each, 256 cross with their tokens and one number; or none but the token. */
  @ParameterizedTest
  @CsvSource({"SHORTLIST, 513", "LIKELIEST, 2", "WHOLE, 32000"})
  void ofARowNoMoreCrossesThanServes(RowForm form, int numbers) throws Exception {
    int[] tokens = {1, 200, 3000, 31_999};
    String crossing = "return torch.cat(results, 0).cpu()";
    String counted =
        "    assert torch.cat(results, 0).numel() == %d * counts[4], 'expected fewer'\n    ";
    assertThat(RemoteModels.program()).contains("    " + crossing);
    for (boolean fewer : List.of(false, true)) {
      String program = RemoteModels.program()
          .replace("    " + crossing, counted.formatted(fewer ? numbers - 1 : numbers) + crossing);
      try (TorchModel model =
          RemoteModels.load(CheckpointFolders.VOCABULARY_32K, settings(), false, program)) {
        if (fewer) {
          assertThatThrownBy(() -> model.forward(input(tokens, form)))
              .hasMessageContaining("expected fewer");
        } else {
          assertThat(model.forward(input(tokens, form)).rows()).isEqualTo(4);
        }
      }
    }
  }

  @Test
  void whatIsDrawnFromAShortlistIsDrawnFromTheWholeRow() throws Exception {
    int[] tokens = IntStream.range(0, CONTEXT).map(i -> 3 + i * 7919 % 31_000).toArray();
    SamplingScratch scratch = new SamplingScratch(32_000);
    int decided = 0;
    try (TorchModel model =
        RemoteModels.load(CheckpointFolders.VOCABULARY_32K, settings(), false)) {
      for (SamplingParametersBuilder builder : List.of(
          SamplingParameters.builder().temperature(0.8).topK(40),
          SamplingParameters.builder().temperature(0.05).topP(0.9),
          SamplingParameters.builder().temperature(0.3).minP(0.2).topP(0.9),
          SamplingParameters.builder().temperature(0.9).topK(200).repetitionPenalty(1.2))) {
        Sampler sampler = new Sampler(builder.seed(11).build(), 0, tokens, Set.of());
        float[] whole = model.forward(input(tokens, RowForm.WHOLE)).values();
        LogitsBatch listed = model.forward(input(tokens, RowForm.SHORTLIST, sampler.scale()));
        assertThat(listed.values()).isEmpty();
        for (int row = 0; row < CONTEXT; row++) {
          SamplingOutcome wanted = sampler.sample(whole, row * 32_000, scratch);
          assertThat(listed.left().whole(row))
              .isEqualTo(Arrays.copyOfRange(whole, row * 32_000, (row + 1) * 32_000));
          Shortlist list = (Shortlist) Objects.requireNonNull(listed.partial(row));
          Optional<SamplingOutcome> found =
              sampler.sample(list.tokenIds(), list.logits(), list.rest(), scratch);
          assertThat(found.orElse(wanted)).isEqualTo(wanted);
          decided += found.isPresent() ? 1 : 0;
        }
      }
    }
    System.out.printf("%d of %d rows decided%n", decided, 4 * CONTEXT);
    assertThat(decided).isGreaterThan(2 * CONTEXT);
  }

  /** A card would not compute anything after it. */
  @Test
  void aTokenOutsideTheVocabularyIsRefusedBeforeTheStep() throws Exception {
    try (TorchModel model = RemoteModels.load(CheckpointFolders.NO_WINDOW, settings(), false)) {
      assertThatThrownBy(() -> model.forward(input(new int[] {1, 320}, RowForm.LIKELIEST)))
          .isInstanceOf(ModelStepException.class)
          .hasMessageContaining("expected token ids from 0 to 319, found 320");
    }
  }

  @Test
  void theProbePassesWhatTheKernelIsTakenFor() {
    assertThatCode(() -> probe(RemoteModels.program())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "torch.arange(keys - count, keys) | torch.arange(0, count)",
        "torch.gt(ages, window_size_left) | torch.ge(ages, window_size_left)",
        "int(torch.select(begins, 0, i)) | int(torch.select(begins, 0, 0))",
        "int(torch.select(seqused_k, 0, i)) | most_keys",
        "0 if causal else -keys | -keys",
        "repeat_interleave(shared, 1) | repeat([1, shared, 1])",
      })
  void theProbeFindsAnotherKernel(String right, String wrong) {
    assertThat(RemoteModels.program()).contains(right);
    String planted = RemoteModels.program().replace(right, wrong);
    assertThatThrownBy(() -> probe(planted))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("expected another attention");
  }

  /** This build of libtorch has the operation's signature and no kernel. */
  @Test
  void theProbeFindsThatThereIsNoKernel() {
    assertThatThrownBy(() -> probe(TorchProgram.decoder()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("_flash_attention_forward");
  }

  private static void probe(String source) {
    try (NativeScope scope = new NativeScope(TorchRuntime.open(1))) {
      TorchRuntime.prepareThread();
      TorchProgram program = TorchProgram.compile(source, scope);
      program.run(
          scope,
          "probe_flash",
          scope.integers(8, 2, 32, 0, 0, ElementType.BFLOAT16.code(), 0, 0, 0),
          program.run(scope, "home", scope.text("cpu")));
    }
  }

  /** Their counts are taken on the card, without a second wait for it. */
  @Test
  void expertsThatAreCountedAsOnACardEqualTheReference() throws Exception {
    String counted = TorchProgram.decoder().replace("if experts.is_cuda:", "if True:");
    assertThat(counted).isNotEqualTo(TorchProgram.decoder());
    GoldenFile file = GoldenFile.read(CheckpointFolders.golden("tiny-mixtral-4x2.json"));
    int context = file.contextTokens();
    try (TorchModel model = TorchModel.load(
        ModelFolder.openWithoutTokenizer(CheckpointFolders.EXPERTS),
        new TorchModelSettings(Precision.F32, Extent.capacityFor(context), context, 1),
        (loaded, total) -> {},
        counted,
        Computation::onProcessors)) {
      assertThat(new ModelVerifier(model, null).verify(file).largestLogitDifference())
          .isLessThanOrEqualTo(TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"W8A8", "INT4"})
  void eightAndFourBitsAreRefusedOnACard(Precision precision) {
    TorchModelSettings settings =
        new TorchModelSettings(precision, CONTEXT, CONTEXT, 1).on(new ComputeDevice("cuda:0"));
    assertThatThrownBy(() -> load(settings))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("expected bf16 or f32 on cuda:0, found " + name(precision));
  }

  private static String name(Precision precision) {
    return precision == Precision.W8A8 ? "w8a8" : "int4";
  }

  /** The hundredth card is on no machine. */
  @Test
  void aCardThatIsNotThereIsSaidInOneLine() {
    TorchModelSettings settings = new TorchModelSettings(Precision.BF16, CONTEXT, CONTEXT, 1)
        .on(new ComputeDevice("cuda:99"));
    assertThatThrownBy(() -> load(settings))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith("expected a device cuda:99 that libtorch can use, found")
        .hasMessageNotContaining("\n");
  }

  private static void load(TorchModelSettings settings) throws ModelLoadException {
    TorchModel.load(
            ModelFolder.openWithoutTokenizer(CheckpointFolders.NO_WINDOW),
            settings,
            (loaded, total) -> {})
        .close();
  }

  @Test
  void devicesAreReadAsTheyAreWritten() {
    assertThat(ComputeDevice.parse("cpu")).contains(ComputeDevice.CPU);
    assertThat(ComputeDevice.parse(" CUDA ")).contains(new ComputeDevice("cuda:0"));
    assertThat(ComputeDevice.parse("cuda:12")).contains(new ComputeDevice("cuda:12"));
    for (String text : List.of("", "gpu", "cuda:", "cuda:-1", "cuda:0:1", "cuda:100")) {
      assertThat(ComputeDevice.parse(text)).isEqualTo(Optional.empty());
    }
  }

  private static TorchModelSettings settings() {
    return new TorchModelSettings(Precision.F32, MixedSteps.PLACES * CONTEXT, CONTEXT, 1);
  }
}
