package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class SamplingParametersTest {
  /** A number of {@link SamplingParameters}: what it is by default, and its range. */
  private record Parameter(
      String name,
      double byDefault,
      double least,
      double most,
      double step,
      String range,
      BiFunction<SamplingParametersBuilder, Double, SamplingParametersBuilder> setter,
      Function<SamplingParameters, Number> getter) {
    SamplingParameters with(double value) {
      return setter.apply(SamplingParameters.builder(), value).build();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final double TINY = 1e-9;
  private static final double ANY = Integer.MAX_VALUE;

  static final Parameter[] PARAMETERS = {
    new Parameter(
        "temperature",
        1,
        0,
        2,
        TINY,
        "0 to 2",
        (b, v) -> b.temperature(v),
        SamplingParameters::temperature),
    new Parameter(
        "topK",
        0,
        0,
        ANY,
        1,
        "0 or more",
        (b, v) -> b.topK(v.intValue()),
        SamplingParameters::topK),
    new Parameter(
        "topP",
        1,
        TINY,
        1,
        TINY,
        "above 0 and at most 1",
        (b, v) -> b.topP(v),
        SamplingParameters::topP),
    new Parameter("minP", 0, 0, 1, TINY, "0 to 1", (b, v) -> b.minP(v), SamplingParameters::minP),
    new Parameter(
        "presencePenalty",
        0,
        -2,
        2,
        TINY,
        "-2 to 2",
        (b, v) -> b.presencePenalty(v),
        SamplingParameters::presencePenalty),
    new Parameter(
        "frequencyPenalty",
        0,
        -2,
        2,
        TINY,
        "-2 to 2",
        (b, v) -> b.frequencyPenalty(v),
        SamplingParameters::frequencyPenalty),
    new Parameter(
        "repetitionPenalty",
        1,
        0.01,
        5,
        TINY,
        "0.01 to 5",
        (b, v) -> b.repetitionPenalty(v),
        SamplingParameters::repetitionPenalty),
    new Parameter(
        "noRepeatNgramSize",
        0,
        0,
        ANY,
        1,
        "0 or more",
        (b, v) -> b.noRepeatNgramSize(v.intValue()),
        SamplingParameters::noRepeatNgramSize),
    new Parameter(
        "minTokens",
        0,
        0,
        ANY,
        1,
        "0 or more",
        (b, v) -> b.minTokens(v.intValue()),
        SamplingParameters::minTokens),
    new Parameter(
        "logitBias[7]",
        0,
        -100,
        100,
        0.001,
        "-100 to 100",
        (b, v) -> b.logitBias(Map.of(7, v.floatValue())),
        parameters -> parameters.logitBias().getOrDefault(7, 0f)),
    new Parameter(
        "topLogProbabilities",
        0,
        0,
        20,
        1,
        "0 to 20, above 0 only with logProbabilities",
        (b, v) -> b.logProbabilities(true).topLogProbabilities(v.intValue()),
        SamplingParameters::topLogProbabilities),
  };

  @ParameterizedTest
  @FieldSource("PARAMETERS")
  void parameterHasItsDefault(Parameter parameter) {
    SamplingParameters parameters = SamplingParameters.builder().build();

    assertThat(parameter.getter().apply(parameters).doubleValue()).isEqualTo(parameter.byDefault());
  }

  @ParameterizedTest
  @FieldSource("PARAMETERS")
  void parameterTakesBothEndsOfItsRange(Parameter parameter) {
    for (double end : new double[] {parameter.least(), parameter.most()}) {
      assertThat(parameter.getter().apply(parameter.with(end)).doubleValue()).isEqualTo(end);
    }
  }

  static Stream<Arguments> outside() {
    return Stream.of(PARAMETERS)
        .flatMap(p -> Stream.of(p.least() - p.step(), p.most() + p.step(), Double.NaN)
            .filter(value -> p.most() < ANY || value < 0)
            .filter(value -> p.step() < 1 || !Double.isNaN(value))
            .map(value -> Arguments.of(p, value)));
  }

  @ParameterizedTest
  @MethodSource("outside")
  void oneStepOutsideIsRefusedByNameRangeAndValue(Parameter parameter, double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parameter.with(value))
        .withMessageStartingWith("expected %s of %s, found ", parameter.name(), parameter.range());
  }

  @Test
  void messageSaysWhatWasFound() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SamplingParameters.builder().repetitionPenalty(0.001).build())
        .withMessage("expected repetitionPenalty of 0.01 to 5, found 0.001");
  }

  @Test
  void topLogProbabilitiesNeedLogProbabilities() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SamplingParameters.builder().topLogProbabilities(1).build())
        .withMessageContaining("only with logProbabilities, found 1");
  }

  @Test
  void biasOfNoTokenIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SamplingParameters.builder().logitBias(Map.of(-1, 0f)).build())
        .withMessage("expected logitBias' token id of 0 or more, found -1");
  }

  @Test
  void anySeedWillDo() {
    for (long seed : new long[] {Long.MIN_VALUE, 0, Long.MAX_VALUE}) {
      assertThatCode(() -> SamplingParameters.builder().seed(seed).build())
          .doesNotThrowAnyException();
    }
  }

  @Test
  void temperatureNearZeroIsGreedy() {
    assertThat(SamplingParameters.builder().temperature(0.9e-5).build().isGreedy())
        .isTrue();
    assertThat(SamplingParameters.builder().temperature(1e-5).build().isGreedy())
        .isFalse();
  }
}
