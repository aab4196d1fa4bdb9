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
    int mostTokens = Math.min(contextTokens, lengths.together());
    EncodedPrompt prompt =
        prompt(request, continuation.end(), mostTokens - Math.min(1, lengths.most()));
    return new GenerationSpec(
        prompt.ids(),
        lengths.choices(),
        Math.min(lengths.most(), mostTokens - prompt.ids().length),
        sampling,
        stop,
        OutputFields.returnsFullText(fields) ? form.after(prompt.text()) : form,
        cache,
        priority,
        UnknownFields.bounded(unknown));
  }

  private EncodedPrompt prompt(ChatRequest request, PromptEnd end, int mostTokens)
      throws InvalidRequestException {
    EncodedPrompt prompt = prompts.encode(request.messages(), end, mostTokens);
    if (prompt.ids().length > mostTokens) {
      throw new InvalidRequestException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "messages",
          "expected a conversation of at most %d tokens, found %d"
              .formatted(mostTokens, prompt.ids().length));
    }
    if (prompt.ids().length == 0) {
      throw FieldFaults.outside(
          "messages", "a conversation of at least one token", "one that renders to nothing");
    }
    return prompt;
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
