package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.worker.sampling.SamplingParametersBuilder;
import java.util.List;

/**
 * The fields that make tokens less likely, or more, for having been said.
 *
 * <p>Source: OpenAI's API reference, "Create chat completion"; {@code repetition_penalty} and {@code
 * no_repeat_ngram_size} as in HuggingFace's generation configuration.
 *
 * <p>Stateless.
 */
final class PenaltyFields {
  private static final RequestField<Double> PRESENCE = FieldKinds.number(
      "presence_penalty", -2, 2, 0, "Taken off the logits of tokens that the answer holds.");
  private static final RequestField<Double> FREQUENCY = FieldKinds.number(
      "frequency_penalty",
      -2,
      2,
      0,
      "Taken off the logits of tokens for each time that the answer holds them.");
  private static final RequestField<Double> REPETITION = FieldKinds.number(
      "repetition_penalty",
      0.01,
      5,
      1,
      "Above 1, tokens that prompt or answer hold become less likely; below 1, more.");
  private static final RequestField<Integer> NO_REPEAT_NGRAM = FieldKinds.whole(
      "no_repeat_ngram_size",
      0,
      1000,
      0,
      "No sequence of this many tokens appears twice in prompt and answer; 0 forbids none.");

  /** In the order of the reference. */
  static final List<RequestField<?>> ALL =
      List.of(PRESENCE, FREQUENCY, REPETITION, NO_REPEAT_NGRAM);

  private PenaltyFields() {}

  /** Reads the fields into {@code sampling}. */
  static void read(RequestFields fields, SamplingParametersBuilder sampling)
      throws InvalidRequestException {
    sampling
        .presencePenalty(PRESENCE.in(fields))
        .frequencyPenalty(FREQUENCY.in(fields))
        .repetitionPenalty(REPETITION.in(fields))
        .noRepeatNgramSize(NO_REPEAT_NGRAM.in(fields));
  }
}
