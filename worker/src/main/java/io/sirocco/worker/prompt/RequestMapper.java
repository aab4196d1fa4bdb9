package io.sirocco.worker.prompt;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request into work for the engine: checks every field, fills in the defaults, renders and
 * encodes the conversation.
 *
 * <p>Immutable and thread-safe.
 */
public final class RequestMapper {
  private final PromptEncoder prompts;
  private final int contextTokens;
  private final int vocabularySize;

  /**
   * Makes a mapper for one model.
   *
   * @param contextTokens the most tokens of prompt and answer together
   * @param vocabularySize how many token ids there are, from 0
   */
  public RequestMapper(PromptEncoder prompts, int contextTokens, int vocabularySize) {
    this.prompts = prompts;
    this.contextTokens = contextTokens;
    this.vocabularySize = vocabularySize;
  }

  /**
   * Maps a request.
   *
   * @param requestId the seed is derived from it when the request has none, so that whoever answers
   *     the request again draws the same tokens
   * @throws InvalidRequestException naming the first field that is not as expected
   */
  public GenerationSpec map(ChatRequest request, String requestId) throws InvalidRequestException {
    RequestFields fields = RequestFields.of(request);
    ToolFields.check(fields);
    LengthFields lengths = LengthFields.read(fields);
    SamplingParameters sampling =
        SamplingFields.read(fields, requestId, lengths.least(), vocabularySize);
    StopRule stop = StopFields.read(fields, vocabularySize);
    ContinuationFields continuation = ContinuationFields.read(fields, request.messages());
    AnswerForm form = OutputFields.read(fields, continuation);
    CacheFields cache = CacheFields.read(fields);
    int priority = SenderFields.read(fields);
    List<String> unknown = new ArrayList<>(Parameters.unknown(fields));
    unknown.addAll(unknownOfMessages(request.messages()));
    int[] promptIds = prompt(request, continuation.end(), Math.min(1, lengths.most()));
    return new GenerationSpec(
        promptIds,
        lengths.choices(),
        Math.min(lengths.most(), contextTokens - promptIds.length),
        sampling,
        stop,
        form,
        cache,
        priority,
        UnknownFields.bounded(unknown));
  }

  /** The prompt, which leaves room for {@code answerTokens}. */
  private int[] prompt(ChatRequest request, PromptEnd end, int answerTokens)
      throws InvalidRequestException {
    int mostTokens = contextTokens - answerTokens;
    int[] promptIds = prompts.encode(request.messages(), end, mostTokens);
    if (promptIds.length > mostTokens) {
      throw new InvalidRequestException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "messages",
          "expected a conversation of at most %d tokens, found %d"
              .formatted(mostTokens, promptIds.length));
    }
    if (promptIds.length == 0) {
      throw FieldFaults.outside(
          "messages", "a conversation of at least one token", "one that renders to nothing");
    }
    return promptIds;
  }

  private static List<String> unknownOfMessages(@Nullable List<ChatMessage> messages)
      throws InvalidRequestException {
    List<String> unknown = new ArrayList<>();
    for (int i = 0; messages != null && i < messages.size(); i++) {
      unknown.addAll(
          MessageFields.check("messages[%d].".formatted(i), messages.get(i).extra()));
    }
    return unknown;
  }
}
