package io.sirocco.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypesTest {
  private enum Colour {
    LIGHT_BLUE,
    RED
  }

  private static final SettingType<Duration> TIME =
      Types.duration(Duration.ofMillis(1), Duration.ofDays(2));

  @ParameterizedTest
  @CsvSource({"500ms,PT0.5S", "30s,PT30S", "2m,PT2M", "1h,PT1H", "1d,PT24H"})
  void timeIsANumberAndAUnit(String text, Duration time) {
    assertThat(TIME.read(text)).contains(time);
    assertThat(TimeFormat.format(time)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "1w", "0s", "3d", "99999999999s"})
  void otherTimesAreNone(String text) {
    assertThat(TIME.read(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.5", "0", "9", "one", "99999999999"})
  void numberIsWholeAndInItsRange(String text) {
    assertThat(Types.integer(1, 8).read(text)).isEmpty();
  }

  @Test
  void constantsAreWrittenWithHyphens() {
    SettingType<Colour> colour = Types.oneOf(Colour.class);

    assertThat(colour.expected()).isEqualTo("light-blue or red");
    assertThat(colour.read("Light-Blue")).contains(Colour.LIGHT_BLUE);
    assertThat(colour.read("green")).isEmpty();
  }

  @Test
  void listIsWrongWhenOneElementIs() {
    SettingType<List<Integer>> numbers = Types.list(Types.integer(1, 8), "numbers");

    assertThat(numbers.read("1, 2,3")).contains(List.of(1, 2, 3));
    assertThat(numbers.read("")).contains(List.of());
    assertThat(numbers.read("1,,3")).isEmpty();
    assertThat(numbers.read("1,9")).isEmpty();
  }

  @Test
  void patternIsCompiled() {
    assertThat(Types.pattern().read("chat\\..+")).get().asString().isEqualTo("chat\\..+");
    assertThat(Types.pattern().read("(")).isEmpty();
  }

  @Test
  void truthIsNothingButTrueOrFalse() {
    assertThat(Types.bool().read("TRUE")).contains(true);
    assertThat(Types.bool().read("no")).isEmpty();
  }

  @Test
  void defaultThatIsNoValueIsRefused() {
    assertThatThrownBy(() -> Setting.withDefault("a.b", Types.integer(1, 8), "9", "One."))
        .hasMessage("expected the default of 'a.b' to be a whole number from 1 to 8, found '9'");
  }
}
