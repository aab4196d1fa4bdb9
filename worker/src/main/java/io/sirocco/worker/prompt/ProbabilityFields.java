package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.worker.sampling.SamplingParametersBuilder;
import java.util.List;

/**
 * The fields that ask how probable the tokens were.
 *
 * <p>Source: OpenAI's API reference, "Create chat completion".
 *
 * <p>Stateless.
 */
final class ProbabilityFields {
  private static final RequestField<Boolean> LOGPROBS = FieldKinds.flag(
      "logprobs",
      false,
      "Each token comes with the logarithm of the probability that the model gives it, before all"
          + " other steps.");
  private static final RequestField<Integer> TOP_LOGPROBS = FieldKinds.whole(
      "top_logprobs",
      0,
      20,
      0,
      "Each token comes with those of this many of the likeliest as well; needs `logprobs`.");

  /** In the order of the reference. */
  static final List<RequestField<?>> ALL = List.of(LOGPROBS, TOP_LOGPROBS);

  private ProbabilityFields() {}

  /** Reads the fields into {@code sampling}. */
  static void read(RequestFields fields, SamplingParametersBuilder sampling)
      throws InvalidRequestException {
    boolean wanted = LOGPROBS.in(fields);
    int top = TOP_LOGPROBS.in(fields);
    if (top > 0 && !wanted) {
      throw FieldFaults.outside(TOP_LOGPROBS.name(), "0, or logprobs to be true", top);
    }
    sampling.logProbabilities(wanted).topLogProbabilities(top);
  }
}
