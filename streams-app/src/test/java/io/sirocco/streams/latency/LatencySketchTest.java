package io.sirocco.streams.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencySketchTest {
  @Test
  void quantilesAreWithinTheirErrorOfTheSortedDurations() {
    Random random = new Random(7);
    long[] millis = random.longs(10_000, 1, 600_000).sorted().toArray();
    Map<Integer, Long> counts = new HashMap<>();
    for (long duration : millis) {
      counts.merge(LatencySketch.bucketOf(duration), 1L, Long::sum);
    }
    LatencySketch sketch = LatencySketch.of(counts);

    assertThat(sketch.count()).isEqualTo(10_000);
    for (double quantile : new double[] {0, 0.5, 0.9, 0.99, 1}) {
      double exact = (double) millis[(int) (quantile * (millis.length - 1))];
      assertThat(sketch.millisAt(quantile))
          .isCloseTo(exact, within(exact * LatencySketch.ACCURACY * 1.0001));
    }
  }

  @Test
  void durationsBelowAMillisecondCountAsOne() {
    assertThat(LatencySketch.bucketOf(0)).isEqualTo(LatencySketch.bucketOf(1));
    assertThat(LatencySketch.bucketOf(-5)).isEqualTo(LatencySketch.bucketOf(1));
  }

  @Test
  void emptySketchHasNoQuantiles() {
    assertThatIllegalStateException()
        .isThrownBy(() -> LatencySketch.of(Map.of()).millisAt(0.5))
        .withMessage("expected a sketch of at least one duration, found none");
  }
}
