package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.EngineException;
import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.ModelShape;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchModelTest {
  private static final float TOLERANCE = 1e-4f;
  private static final int PLACES = MixedSteps.PLACES;
  private static final int CONTEXT = MixedSteps.CONTEXT;

  private static final int LONG = 300;
  private static final int VOCABULARY = 320;

  @TempDir
  private Path folder;

  @Test
  void mixedStepsGiveTheLogitsOfEachSequenceAlone() throws Exception {
    try (TorchModel model = load(CheckpointFolders.NO_WINDOW)) {
      MixedSteps.assertLikeEachAlone(model, TOLERANCE);
    }
  }

  @Test
  void mixedStepsWithWindowGiveTheLogitsOfEachSequenceAlone() throws Exception {
    try (TorchModel model = load(CheckpointFolders.windowed(folder))) {
      MixedSteps.assertLikeEachAlone(model, TOLERANCE);
    }
  }

  @Test
  void mixedStepsWithExpertsGiveTheLogitsOfEachSequenceAlone() throws Exception {
    try (TorchModel model = load(CheckpointFolders.EXPERTS)) {
      MixedSteps.assertLikeEachAlone(model, TOLERANCE);
    }
  }

  /** Blocks are of 128 tokens. With the window, the second part finds a place that has gone round. */
  @ParameterizedTest
  @ValueSource(ints = {LONG, 100})
  void promptsOfSeveralBlocksGiveWhatTheirTokensGiveInSmallParts(int window) throws Exception {
    Path windowed = CheckpointFolders.withWindow(folder, window);
    int[] tokens = randomTokens(new Random(1), LONG);
    try (TorchModel model = TorchModel.load(
        ModelFolder.openWithoutTokenizer(windowed),
        new TorchModelSettings(Precision.F32, Extent.capacityFor(LONG), LONG, 1),
        (bytes, total) -> {})) {
      Extent place = new Extent(0, Extent.capacityFor(window));
      float[] expected = inParts(model, place, tokens, 64);
      for (int most : new int[] {150, LONG}) {
        float[] found = inParts(model, place, tokens, most);
        assertThat(IntStream.range(0, found.length)
                .mapToDouble(i -> Math.abs(found[i] - expected[i]))
                .max())
            .hasValueCloseTo(0.0, within((double) TOLERANCE));
      }
    }
  }

  private static float[] inParts(TorchModel model, Extent place, int[] tokens, int most)
      throws ModelStepException {
    FloatBuffer logits = FloatBuffer.allocate(tokens.length * VOCABULARY);
    for (int start = 0; start < tokens.length; start += most) {
      int[] part = Arrays.copyOfRange(tokens, start, Math.min(tokens.length, start + most));
      Span span = new Span(place, start, part, part.length);
      logits.put(model.forward(new ForwardInput(List.of(span))).values());
    }
    return logits.array();
  }

  @Test
  void reusedPlaceForgetsTheSequenceBefore() throws Exception {
    int[] tokens = {1, 20, 30, 40};
    try (TorchModel model = load(CheckpointFolders.NO_WINDOW)) {
      float[] fresh = logits(model, 0, 0, tokens);
      logits(model, 0, 0, randomTokens(new Random(1), CONTEXT));
      assertThat(logits(model, 0, 0, tokens)).containsExactly(fresh, within(TOLERANCE));
    }
  }

  @Test
  void failedStepLeavesOtherSequencesAndTheModelIntact() throws Exception {
    int[] tokens = {1, 20, 30, 40};
    try (TorchModel model = load(CheckpointFolders.NO_WINDOW)) {
      float[] expected = logits(model, 0, 0, tokens);
      logits(model, 1, 0, new int[] {1, 20, 30});
      assertThatThrownBy(() -> logits(model, 2, 0, new int[] {1, 999_999}))
          .isInstanceOf(ModelStepException.class)
          .hasCauseInstanceOf(EngineException.class);
      float[] last = logits(model, 1, 3, new int[] {40});
      assertThat(last)
          .containsExactly(Arrays.copyOfRange(expected, 3 * 320, 4 * 320), within(TOLERANCE));
    }
  }

  @Test
  void spansOutsideTheCacheAreRefused() throws Exception {
    try (TorchModel model = load(CheckpointFolders.NO_WINDOW)) {
      Span inside = new Span(place(1), 0, new int[] {1}, 1);
      assertRefused(model, "0 to 383", new Span(place(PLACES), 0, new int[] {1}, 1));
      assertRefused(model, "places apart", inside, new Span(place(1), 1, new int[] {1}, 1));
      assertRefused(
          model, "places apart", inside, new Span(new Extent(96, 32), 0, new int[] {1}, 1));
      assertRefused(model, "found 63 to 64", new Span(place(0), 63, new int[] {1, 2}, 1));
      assertRefused(model, "found -1 to", new Span(place(0), -1, new int[] {1}, 1));
      assertRefused(
          model,
          "expected positions 0 to 63",
          new Span(place(0), Integer.MAX_VALUE, new int[] {1}, 1));
    }
  }

  private static void assertRefused(TorchModel model, String message, Span... spans) {
    assertThatThrownBy(() -> model.forward(new ForwardInput(List.of(spans))))
        .isInstanceOf(ModelStepException.class)
        .hasMessageContaining(message);
  }

  @Test
  void stepThatAsksForNoLogitsGivesNone() throws Exception {
    try (TorchModel model = load(CheckpointFolders.NO_WINDOW)) {
      LogitsBatch logits =
          model.forward(new ForwardInput(List.of(new Span(place(0), 0, new int[] {1, 2, 3}, 0))));
      assertThat(logits.rows()).isZero();
      assertThat(logits.vocabularySize()).isEqualTo(320);
    }
  }

  @Test
  void shapeIsThatOfSettingsAndFolder() throws Exception {
    try (TorchModel model = load(CheckpointFolders.NO_WINDOW)) {
      assertThat(model.shape()).isEqualTo(new ModelShape(320, CONTEXT, CONTEXT, PLACES * CONTEXT));
    }
  }

  @Test
  void progressEndsWithAllBytes() throws Exception {
    for (Path path :
        List.of(CheckpointFolders.NO_WINDOW, CheckpointFolders.EXPERTS, CheckpointFolders.DEMO)) {
      List<Long> loaded = new ArrayList<>();
      List<Long> totals = new ArrayList<>();
      TorchModel.load(ModelFolder.openWithoutTokenizer(path), settings(CONTEXT), (bytes, total) -> {
            loaded.add(bytes);
            totals.add(total);
          })
          .close();
      assertThat(loaded).isSorted().endsWith(totals.get(0));
      assertThat(totals).containsOnly(totals.get(0));
      assertThat(totals.get(0))
          .isLessThan(path.resolve("model.safetensors").toFile().length())
          .isGreaterThan(path.resolve("model.safetensors").toFile().length() - 10_000);
    }
  }

  @Test
  void contextBeyondTheModelsIsRefused() throws Exception {
    ModelFolder model = ModelFolder.openWithoutTokenizer(CheckpointFolders.NO_WINDOW);
    assertThatThrownBy(() -> TorchModel.load(model, settings(513), (bytes, total) -> {}))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("expected a context of at most 512 tokens, found 513");
  }

  private static TorchModel load(Path path) throws Exception {
    return TorchModel.load(
        ModelFolder.openWithoutTokenizer(path), settings(CONTEXT), (bytes, total) -> {});
  }

  private static Extent place(int number) {
    return new Extent(number * CONTEXT, CONTEXT);
  }

  private static TorchModelSettings settings(int contextTokens) {
    return new TorchModelSettings(Precision.F32, PLACES * CONTEXT, contextTokens, 1);
  }

  private static float[] logits(TorchModel model, int number, int start, int[] tokens)
      throws ModelStepException {
    return model
        .forward(new ForwardInput(List.of(new Span(place(number), start, tokens, tokens.length))))
        .values();
  }

  private static int[] randomTokens(Random random, int count) {
    return random.ints(count, 0, VOCABULARY).toArray();
  }
}
