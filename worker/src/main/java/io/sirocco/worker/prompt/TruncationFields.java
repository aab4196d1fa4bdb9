package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.worker.sampling.SamplingParametersBuilder;
import java.util.List;

/**
 * The fields that say how widely tokens are drawn.
 *
 * <p>Source: OpenAI's API reference, "Create chat completion"; {@code top_k}, {@code min_p} and
 * {@code do_sample} as in HuggingFace's generation configuration.
 *
 * <p>Stateless.
 */
final class TruncationFields {
  private static final String TOP_P_RANGE = "a number above 0 and at most 1";

  private static final RequestField<Double> TEMPERATURE = FieldKinds.number(
      "temperature",
      0,
      2,
      1,
      "Logits are divided by it; below 0.00001 the likeliest token is always taken.");
  private static final RequestField<Double> TOP_P = new RequestField<>(
      "top_p",
      TOP_P_RANGE,
      "1",
      "The smallest set of the likeliest tokens with this probability is kept; 1 keeps all.",
      1.0,
      TruncationFields::topP);
  private static final RequestField<Integer> TOP_K = FieldKinds.whole(
      "top_k", -1, 999, 0, "This many of the likeliest tokens are kept; 0 and -1 keep all.");
  private static final RequestField<Double> MIN_P = FieldKinds.number(
      "min_p", 0, 1, 0, "Tokens below this share of the likeliest one's probability are dropped.");
  private static final RequestField<Boolean> DO_SAMPLE = new RequestField<>(
      "do_sample",
      "true or false; not true with `temperature` 0",
      "as `temperature` says",
      "False always takes the likeliest token, whatever the temperature.",
      true,
      FieldReaders::flag);

  /** In the order of the reference. */
  static final List<RequestField<?>> ALL = List.of(TEMPERATURE, TOP_P, TOP_K, MIN_P, DO_SAMPLE);

  private TruncationFields() {}

  /** Reads the fields into {@code sampling}. */
  static void read(RequestFields fields, SamplingParametersBuilder sampling)
      throws InvalidRequestException {
    double temperature = TEMPERATURE.in(fields);
    boolean draws = DO_SAMPLE.in(fields);
    if (temperature == 0 && Boolean.TRUE.equals(fields.value(DO_SAMPLE.name()))) {
      throw FieldFaults.outside(
          DO_SAMPLE.name(), "false, or a temperature above 0", "true and a temperature of 0");
    }
    sampling
        .temperature(draws ? temperature : 0)
        .topP(TOP_P.in(fields))
        .topK(Math.max(0, TOP_K.in(fields)))
        .minP(MIN_P.in(fields));
  }

  private static double topP(String field, Object value) throws InvalidRequestException {
    double topP = FieldReaders.number(field, value);
    if (!(topP > 0 && topP <= 1)) {
      throw FieldFaults.outside(field, TOP_P_RANGE, FieldFaults.text(topP));
    }
    return topP;
  }
}
