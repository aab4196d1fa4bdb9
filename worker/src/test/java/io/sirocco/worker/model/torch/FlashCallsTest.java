package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.ModelShape;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlashCallsTest {
  private static final int KV_HEADS = 2;
  private static final ModelShape WINDOWED = new ModelShape(320, 256, 48, 1024);
  private static final ModelShape WITHOUT_WINDOW = new ModelShape(320, 256, 256, 1024);

  @Test
  void singleTokensInScatteredPlacesOfOneCapacityAreOneCall() {
    FlashCalls calls = calls(WITHOUT_WINDOW, span(640, 64, 9, 1), span(0, 64, 63, 1));

    assertThat(calls.calls()).containsExactly(0, 2, 2, 64, 1, 64, -1);
    assertThat(calls.lengths()).containsExactly(0, 1, 2, 0, 1280, 0, 64, 10);
  }

  @Test
  void spansComeFirstAndOtherCapacitiesAreOtherCalls() {
    FlashCalls calls = calls(
        WITHOUT_WINDOW,
        span(0, 64, 5, 1),
        span(64, 64, 0, 7),
        span(128, 128, 100, 1),
        span(256, 64, 3, 2));

    assertThat(calls.calls())
        .containsExactly(
            0, 9, 2, 64, 7, 7, -1, //
            9, 1, 1, 64, 1, 6, -1, //
            10, 1, 1, 128, 1, 101, -1);
  }

  /** The query and 47 keys before it; nobody sees more where there are no more. */
  @Test
  void theWindowIsNamedWhereSomebodyHasMoreKeys() {
    assertThat(calls(WINDOWED, span(0, 64, 48, 1)).calls()).endsWith(47);
    assertThat(calls(WINDOWED, span(0, 64, 47, 1)).calls()).endsWith(-1);
    assertThat(calls(WINDOWED, span(0, 64, 0, 3), span(64, 64, 40, 9)).calls()).endsWith(47);
  }

  @Test
  void whoWentRoundIsTakenOnlyAloneInAPlaceAsLargeAsTheWindow() {
    ModelShape asLarge = new ModelShape(320, 256, 64, 1024);
    assertThat(FlashRule.of(asLarge).takes(span(0, 64, 63, 1))).isTrue();
    assertThat(FlashRule.of(asLarge).takes(span(0, 64, 200, 1))).isTrue();
    assertThat(FlashRule.of(asLarge).takes(span(0, 64, 200, 2))).isFalse();
    assertThat(FlashRule.of(asLarge).takes(span(0, 64, 60, 4))).isTrue();
    assertThat(FlashRule.of(asLarge).takes(span(0, 64, 60, 5))).isFalse();
    assertThat(FlashRule.of(WINDOWED).takes(span(0, 64, 63, 1))).isTrue();
    assertThat(FlashRule.of(WINDOWED).takes(span(0, 64, 64, 1))).isFalse();
    assertThat(calls(asLarge, span(0, 64, 200, 1)).calls()).containsExactly(0, 1, 1, 64, 1, 64, -1);
  }

  private static FlashCalls calls(ModelShape shape, Span... spans) {
    return StepLayout.of(new ForwardInput(List.of(spans)), shape, KV_HEADS, 1, FlashRule.of(shape))
        .calls();
  }

  private static Span span(int base, int capacity, int start, int tokens) {
    return new Span(new Extent(base, capacity), start, new int[tokens], 1);
  }
}
