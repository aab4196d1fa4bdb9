package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.InvalidRequestException;
import java.util.HashSet;
import java.util.List;

/**
 * The fields that say what ends an answer.
 *
 * <p>Stateless.
 */
final class StopFields {
  private static final int MOST_TEXTS = 4;

  private static final RequestField<List<String>> STOP =
      texts("stop", "The answer ends before the first of these texts.");
  private static final RequestField<List<String>> STOP_SEQUENCES =
      texts("stop_sequences", "Another name of `stop`, which wins over it.");
  private static final RequestField<Boolean> INCLUDE_TEXT = FieldKinds.flag(
      "include_stop_str_in_output",
      false,
      "What ended the answer, a text of `stop` or the text of an end token, is a part of it.");
  private static final RequestField<List<?>> TOKEN_IDS = new RequestField<>(
      "stop_token_ids",
      "a list of token ids",
      "none",
      "The answer ends with the first of these tokens, as with the model's own.",
      List.of(),
      FieldReaders::list);
  private static final RequestField<Boolean> IGNORE_EOS = FieldKinds.flag(
      "ignore_eos", false, "The model's own end tokens end nothing; those named here still do.");

  /** In the order of the reference. */
  static final List<RequestField<?>> ALL =
      List.of(STOP, STOP_SEQUENCES, INCLUDE_TEXT, TOKEN_IDS, IGNORE_EOS);

  private StopFields() {}

  /**
   * Reads the fields.
   *
   * @param vocabularySize how many token ids there are
   */
  static StopRule read(RequestFields fields, int vocabularySize) throws InvalidRequestException {
    List<String> texts = STOP.in(fields);
    List<String> otherTexts = STOP_SEQUENCES.in(fields);
    List<Integer> ids = FieldReaders.list(TOKEN_IDS.name(), TOKEN_IDS.in(fields), (item, id) ->
        (int) FieldReaders.whole(item, id, 0, vocabularySize - 1L));
    return new StopRule(
        fields.value(STOP.name()) == null ? otherTexts : texts,
        INCLUDE_TEXT.in(fields),
        new HashSet<>(ids),
        IGNORE_EOS.in(fields));
  }

  private static RequestField<List<String>> texts(String name, String effect) {
    return new RequestField<>(
        name,
        "a string, or a list of up to %d; none empty".formatted(MOST_TEXTS),
        "none",
        effect,
        List.of(),
        StopFields::texts);
  }

  private static List<String> texts(String field, Object value) throws InvalidRequestException {
    if (value instanceof String text) {
      return List.of(notEmpty(field, text));
    }
    if (!(value instanceof List<?> list)) {
      throw FieldFaults.otherType(field, "a string or a list", value);
    }
    List<String> texts = FieldReaders.list(
        field, value, (item, text) -> notEmpty(list.equals(List.of("")) ? field : item, text));
    if (texts.size() > MOST_TEXTS) {
      throw FieldFaults.outside(field, "at most %d texts".formatted(MOST_TEXTS), texts.size());
    }
    return texts;
  }

  private static String notEmpty(String field, Object value) throws InvalidRequestException {
    String text = FieldReaders.text(field, value);
    if (text.isEmpty()) {
      throw FieldFaults.outside(field, "a text of 1 or more characters", "none");
    }
    return text;
  }
}
