package io.sirocco.embedded.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LengthsTest {
  private static final int DRAWS = 20_000;

  private static IntStream draws(String text) {
    Lengths lengths = Lengths.parse(text);
    Random random = new Random(1);
    return IntStream.generate(() -> lengths.draw(random)).limit(DRAWS);
  }

  @Test
  void oneNumberIsEveryLength() {
    assertThat(draws("64").distinct()).containsExactly(64);
  }

  @Test
  void evenSpreadReachesBothEndsAndNothingElse() {
    assertThat(draws("3-6").distinct().sorted()).containsExactly(3, 4, 5, 6);
  }

  @Test
  void exponentialHasItsMeanAndNoLengthBelowOne() {
    assertThat(draws("~50").average().orElseThrow()).isBetween(48.0, 52.0);
    assertThat(draws("~50").min().orElseThrow()).isEqualTo(1);
    assertThat(draws("~50").max().orElseThrow()).isBetween(250, 500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "9-3", "~3-9", "many", "1.5", "1-", "12345678"})
  void whatIsNoLengthIsRefused(String text) {
    assertThatThrownBy(() -> Lengths.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected lengths such as 64, 16-256 or ~64, found '" + text + "'");
  }
}
