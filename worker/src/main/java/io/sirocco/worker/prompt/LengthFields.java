package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.InvalidRequestException;
import java.util.List;

/**
 * The fields that say how many answers there are, and how long they get.
 *
 * <p>Immutable.
 *
 * @param choices how many answers are wanted
 * @param most the most tokens of each, 0 for none at all; the context may leave less
 * @param least no answer ends by a token before it has this many
 * @param together the most tokens of the prompt and one answer; the context may leave less
 */
record LengthFields(int choices, int most, int least, int together) {
  private static final int UNBOUNDED = 1_000_000;
  private static final String UNTIL_CONTEXT_ENDS = "until the context ends";

  private static final RequestField<Integer> N =
      FieldKinds.whole("n", 1, 128, 1, "How many answers are drawn, each with its own stream.");
  private static final RequestField<Integer> MAX_COMPLETION_TOKENS = most(
      "max_completion_tokens",
      UNTIL_CONTEXT_ENDS,
      "The most tokens of an answer; 0 computes the prompt and answers nothing.");
  private static final RequestField<Integer> MAX_TOKENS = most(
      "max_tokens",
      UNTIL_CONTEXT_ENDS,
      "An older name of `max_completion_tokens`, which wins over it.");
  private static final RequestField<Integer> MAX_NEW_TOKENS = most(
      "max_new_tokens",
      UNTIL_CONTEXT_ENDS,
      "HuggingFace's name of the same; both others win over it.");
  private static final RequestField<Integer> MAX_LENGTH = new RequestField<>(
      "max_length",
      "a whole number above 0 and at most 1000000; not less than the prompt",
      UNTIL_CONTEXT_ENDS,
      "HuggingFace's: the most tokens of prompt and answer together.",
      UNBOUNDED,
      FieldKinds.whole("max_length", 1, UNBOUNDED, UNBOUNDED, "").reader());
  private static final RequestField<Integer> MIN_TOKENS = FieldKinds.whole(
      "min_tokens",
      0,
      UNBOUNDED,
      0,
      "No token ends an answer before it has this many; not above the most tokens.");
  private static final RequestField<Integer> MIN_NEW_TOKENS = FieldKinds.whole(
      "min_new_tokens", 0, UNBOUNDED, 0, "HuggingFace's name of `min_tokens`, which wins over it.");

  /** In the order of the reference. */
  static final List<RequestField<?>> ALL = List.of(
      MAX_COMPLETION_TOKENS, MAX_TOKENS, MAX_NEW_TOKENS, MAX_LENGTH, MIN_TOKENS, MIN_NEW_TOKENS, N);

  /** Reads the fields; those that another one wins over are checked as well. */
  static LengthFields read(RequestFields fields) throws InvalidRequestException {
    int most = first(fields, List.of(MAX_COMPLETION_TOKENS, MAX_TOKENS, MAX_NEW_TOKENS));
    int least = first(fields, List.of(MIN_TOKENS, MIN_NEW_TOKENS));
    if (least > most) {
      String name =
          fields.value(MIN_TOKENS.name()) == null ? MIN_NEW_TOKENS.name() : MIN_TOKENS.name();
      throw FieldFaults.outside(name, "at most the most tokens, which are " + most, least);
    }
    return new LengthFields(N.in(fields), most, least, MAX_LENGTH.in(fields));
  }

  private static int first(RequestFields fields, List<RequestField<Integer>> names)
      throws InvalidRequestException {
    int value = names.get(0).absentValue();
    for (int i = names.size() - 1; i >= 0; i--) {
      RequestField<Integer> field = names.get(i);
      int read = field.in(fields);
      value = fields.value(field.name()) == null ? value : read;
    }
    return value;
  }

  private static RequestField<Integer> most(String name, String absent, String effect) {
    RequestField<Integer> field = FieldKinds.whole(name, 0, UNBOUNDED, UNBOUNDED, effect);
    return new RequestField<>(
        name, field.range(), absent, effect, field.absentValue(), field.reader());
  }
}
