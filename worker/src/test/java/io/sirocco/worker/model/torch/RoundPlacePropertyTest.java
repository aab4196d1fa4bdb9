package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sequence that goes round in its place has the logits of one whose place holds all of it. */
class RoundPlacePropertyTest {
  private static final float TOLERANCE = 1e-4f;

  /** As wide as the place, a little less, and as little as such a place is made for. */
  @ParameterizedTest
  @ValueSource(ints = {64, 63, 33})
  void itsLogitsAreThoseOfALargerPlace(int window, @TempDir Path folder) throws Exception {
    CheckpointFolders.withWindow(folder, window);
    TorchModelSettings settings =
        new TorchModelSettings(Precision.F32, RoundPlaces.CACHE_TOKENS, RoundPlaces.CONTEXT, 1);
    try (TorchModel model =
        TorchModel.load(ModelFolder.openWithoutTokenizer(folder), settings, (bytes, total) -> {})) {
      assertThat(model.shape().windowTokens()).isEqualTo(window);
      RoundPlaces.assertLikeLargerPlaces(model, TOLERANCE);
    }
  }
}
