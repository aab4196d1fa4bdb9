package io.sirocco.embedded.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final int DRAWS = 50_000;

  private static long[] gaps(double perSecond, long seed) {
    Arrivals arrivals = new Arrivals(perSecond, new Random(seed));
    return LongStream.generate(arrivals::nextGapNanos).limit(DRAWS).toArray();
  }

  @Test
  void meanAndSpreadOfTheGapsAreThoseOfAPoissonProcess() {
    double[] seconds =
        LongStream.of(gaps(4, 1)).mapToDouble(nanos -> nanos / 1e9).toArray();
    double mean = DoubleStream.of(seconds).average().orElseThrow();
    double variance = DoubleStream.of(seconds)
        .map(gap -> (gap - mean) * (gap - mean))
        .average()
        .orElseThrow();

    assertThat(mean).isBetween(0.245, 0.255);
    assertThat(Math.sqrt(variance)).isBetween(0.24, 0.26);
  }

  @Test
  void oneSeedIsOneOrderOfEvents() {
    assertThat(gaps(4, 7)).isEqualTo(gaps(4, 7)).isNotEqualTo(gaps(4, 8));
  }
}
