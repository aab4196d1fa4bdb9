package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields that say what an answer's records hold.
 *
 * <p>Stateless.
 */
final class OutputFields {
  private static final String INCLUDE_USAGE = "include_usage";
  private static final Set<String> STREAM_OPTIONS_MEMBERS =
      Set.of(INCLUDE_USAGE, "include_obfuscation");

  private static final RequestField<Boolean> STREAM =
      FieldKinds.flag("stream", false, "False puts the whole answer into the last record as well.");
  private static final RequestField<Map<?, ?>> STREAM_OPTIONS = new RequestField<>(
      "stream_options",
      "an object; its member `include_usage` is true or false",
      "none",
      "Accepted: the last record of a stream carries the usage in any case.",
      Map.of(),
      FieldReaders::object);
  private static final RequestField<Boolean> SKIP_SPECIAL_TOKENS =
      FieldKinds.flag("skip_special_tokens", true, "Control tokens leave no text.");
  private static final RequestField<Boolean> SPACES_BETWEEN = FieldKinds.flag(
      "spaces_between_special_tokens", false, "Accepted: no blanks are added between them.");
  private static final RequestField<Boolean> RETURN_TOKEN_IDS = FieldKinds.flag(
      "return_token_ids", false, "Bodies carry the ids of the prompt's and the answer's tokens.");
  private static final RequestField<Boolean> RETURN_FULL_TEXT = FieldKinds.flag(
      "return_full_text",
      false,
      "HuggingFace's: the prompt, as the model saw it, stands before the answer.");

  /** In the order of the reference. */
  static final List<RequestField<?>> ALL = List.of(
      STREAM,
      STREAM_OPTIONS,
      SKIP_SPECIAL_TOKENS,
      SPACES_BETWEEN,
      RETURN_TOKEN_IDS,
      RETURN_FULL_TEXT);

  private OutputFields() {}

  /**
   * Reads the fields.
   *
   * @param continuation how the answer follows on the conversation
   */
  static AnswerForm read(RequestFields fields, ContinuationFields continuation)
      throws InvalidRequestException {
    SPACES_BETWEEN.in(fields);
    RETURN_FULL_TEXT.in(fields);
    Object usage = STREAM_OPTIONS.in(fields).get(INCLUDE_USAGE);
    return new AnswerForm(
        STREAM.in(fields),
        usage != null && FieldReaders.flag(STREAM_OPTIONS.name() + "." + INCLUDE_USAGE, usage),
        SKIP_SPECIAL_TOKENS.in(fields),
        RETURN_TOKEN_IDS.in(fields),
        continuation.end() == PromptEnd.FINAL_MESSAGE_OPEN,
        continuation.echoed());
  }

  /** Whether the prompt is part of the answer's text. */
  static boolean returnsFullText(RequestFields fields) throws InvalidRequestException {
    return RETURN_FULL_TEXT.in(fields);
  }

  /** Returns the members of {@code stream_options} that nobody knows, each with its path. */
  static List<String> unknownMembers(RequestFields fields) throws InvalidRequestException {
    return STREAM_OPTIONS.in(fields).keySet().stream()
        .map(String::valueOf)
        .filter(name -> !STREAM_OPTIONS_MEMBERS.contains(name))
        .map(name -> STREAM_OPTIONS.name() + "." + name)
        .toList();
  }
}
