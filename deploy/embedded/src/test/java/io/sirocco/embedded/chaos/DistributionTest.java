package io.sirocco.embedded.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DistributionTest {
  @Test
  void percentilesAreMeasuredTimesInOrder() {
    Distribution hundred = new Distribution(
        LongStream.rangeClosed(1, 100).map(i -> 101 - i).boxed().toList());

    assertThat(hundred).hasToString("100 times, min 1, median 50, 90 % 90, 99 % 99, max 100 ms");
    assertThat(hundred.above(95)).isEqualTo(5);
  }

  @Test
  void oneTimeIsAllOfThem() {
    assertThat(new Distribution(List.of(7L)))
        .hasToString("1 times, min 7, median 7, 90 % 7, 99 % 7, max 7 ms");
  }

  @Test
  void noTimeIsSaidInAWord() {
    assertThat(new Distribution(List.of())).hasToString("none");
  }
}
