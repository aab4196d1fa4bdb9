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

  /** Each token of an answer is looked at for the beginning of a text, which takes as long as it is. */
  private static final int LONGEST_TEXT = 1024;

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
        "a text of 1 to %d characters, or a list of up to %d".formatted(LONGEST_TEXT, MOST_TEXTS),
        "none",
        effect,
        List.of(),
        StopFields::texts);
  }

  private static List<String> texts(String field, Object value) throws InvalidRequestException {
    if (value instanceof String text) {
      return List.of(bounded(field, text));
    }
    if (!(value instanceof List<?> list)) {
      throw FieldFaults.otherType(field, "a string or a list", value);
    }
    // A string on its own may come as a list of one.
    List<String> texts = FieldReaders.list(
        field,
        value,
        (item, text) -> bounded(list.size() == 1 ? field : item, FieldReaders.text(item, text)));
    if (texts.size() > MOST_TEXTS) {
      throw FieldFaults.outside(field, "at most %d texts".formatted(MOST_TEXTS), texts.size());
    }
    return texts;
  }

  private static String bounded(String field, String text) throws InvalidRequestException {
    if (text.isEmpty() || text.length() > LONGEST_TEXT) {
      throw FieldFaults.outside(
          field, "a text of 1 to %d characters".formatted(LONGEST_TEXT), text.length());
    }
    return text;
  }
}
