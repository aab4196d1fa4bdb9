package io.sirocco.worker.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.worker.sampling.SamplingParameters;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request into work for the engine: checks every field, fills in the defaults, renders and
 * encodes the conversation.
 *
 * <p>Immutable and thread-safe.
 */
public final class RequestMapper {
  private static final int MOST_NEW_TOKENS = 1_000_000;
  private static final int MOST_STOPS = 4;
  private static final int GREATEST_TOP_K = 999;

  private final PromptEncoder prompts;
  private final int contextTokens;

  /**
   * Makes a mapper for one model.
   *
   * @param contextTokens the most tokens of prompt and answer together
   * @param vocabularySize how many token ids there are, from 0
   */
  public RequestMapper(PromptEncoder prompts, int contextTokens, int vocabularySize) {
    this.prompts = prompts;
    this.contextTokens = contextTokens;
  }

  /**
   * Maps a request.
   *
   * @param requestId the seed is derived from it when the request has none, so that whoever answers
   *     the request again draws the same tokens
   * @throws InvalidRequestException naming the first field that is not as expected
   */
  public GenerationSpec map(ChatRequest request, String requestId) throws InvalidRequestException {
    SamplingParameters sampling = sampling(request, requestId);
    List<String> stops = stops(request.stop());
    CacheFields cache = CacheFields.of(request.extra());
    int wanted = maxNewTokens(request);
    List<String> warnings = new ArrayList<>(ExtraFields.OF_REQUEST.check("", request.extra()));
    warnings.addAll(messageWarnings(request.messages()));
    int[] promptIds = prompts.encode(request.messages(), contextTokens - 1);
    int room = contextTokens - promptIds.length;
    if (room < 1) {
      throw new InvalidRequestException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "messages",
          "expected a conversation of at most %d tokens, found %d"
              .formatted(contextTokens - 1, promptIds.length));
    }
    boolean stream = Boolean.TRUE.equals(request.stream());
    return new GenerationSpec(
        promptIds,
        1,
        Math.min(wanted, room),
        sampling,
        new StopRule(stops, false, Set.of(), false),
        stream ? AnswerForm.STREAM : AnswerForm.WHOLE,
        cache,
        0,
        warnings);
  }

  private static List<String> messageWarnings(@Nullable List<ChatMessage> messages)
      throws InvalidRequestException {
    List<String> warnings = new ArrayList<>();
    for (int i = 0; messages != null && i < messages.size(); i++) {
      warnings.addAll(ExtraFields.OF_MESSAGE.check(
          "messages[%d].".formatted(i), messages.get(i).extra()));
    }
    return warnings;
  }

  private static SamplingParameters sampling(ChatRequest request, String requestId)
      throws InvalidRequestException {
    double topP = Ranges.within("top_p", request.topP(), 0, 1, 1);
    if (topP == 0) {
      throw Ranges.outside("top_p", "a number above 0 and at most 1", topP);
    }
    Long seed = request.seed();
    if (seed != null && seed < 0) {
      throw Ranges.outside("seed", "a whole number from 0 to " + Long.MAX_VALUE, seed);
    }
    return SamplingParameters.builder()
        .temperature(Ranges.within("temperature", request.temperature(), 0, 2, 1))
        .topK(Math.max(0, Ranges.within("top_k", request.topK(), -1, GREATEST_TOP_K, 0)))
        .topP(topP)
        .minP(Ranges.within("min_p", request.minP(), 0, 1, 0))
        .seed(seed == null ? seedOf(requestId) : seed)
        .build();
  }

  private static int maxNewTokens(ChatRequest request) throws InvalidRequestException {
    int older =
        Ranges.within("max_tokens", request.maxTokens(), 1, MOST_NEW_TOKENS, MOST_NEW_TOKENS);
    return Ranges.within(
        "max_completion_tokens", request.maxCompletionTokens(), 1, MOST_NEW_TOKENS, older);
  }

  private static List<String> stops(@Nullable List<String> stops) throws InvalidRequestException {
    if (stops == null) {
      return List.of();
    }
    if (stops.size() > MOST_STOPS) {
      throw Ranges.outside("stop", "at most %d texts".formatted(MOST_STOPS), stops.size());
    }
    for (int i = 0; i < stops.size(); i++) {
      String stop = stops.get(i);
      if (stop == null || stop.isEmpty()) {
        throw Ranges.outside("stop[%d]".formatted(i), "a text of 1 or more characters", "none");
      }
    }
    return stops;
  }

  private static long seedOf(String requestId) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(requestId.getBytes(UTF_8));
      return ByteBuffer.wrap(digest).getLong() & Long.MAX_VALUE;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected SHA-256 in every Java runtime", e);
    }
  }
}
