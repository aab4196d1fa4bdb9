package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.List;

/**
 * A request, checked and with all defaults filled in.
 *
 * <p>Immutable; the array is never changed.
 *
 * @param promptIds the rendered conversation, at least one token
 * @param choices {@code n}: how many answers are wanted, 1 to 128
 * @param maxNewTokens the most tokens of each choice; with the prompt no more than the context; 0: the
 *     prompt is computed and nothing is generated
 * @param sampling how tokens are chosen, with the least length, the seed and the log-probabilities
 * @param stop what ends a choice
 * @param form what the answer's records hold
 * @param cache with whom the prompt's computation is shared
 * @param priority {@code service_tier} and {@code priority}: of waiting requests the one with the lower
 *     number goes first
 * @param warnings the names of fields that were ignored, about 1000 characters at most
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record GenerationSpec(
    int[] promptIds,
    int choices,
    int maxNewTokens,
    SamplingParameters sampling,
    StopRule stop,
    AnswerForm form,
    CacheFields cache,
    int priority,
    List<String> warnings) {

  public GenerationSpec {
    warnings = List.copyOf(warnings);
  }

  /** Returns this spec with the seed that somebody else began with. */
  public GenerationSpec withSeed(long seed) {
    return new GenerationSpec(
        promptIds,
        choices,
        maxNewTokens,
        sampling.withSeed(seed),
        stop,
        form,
        cache,
        priority,
        warnings);
  }

  /**
   * Checks that the request knows what it says.
   *
   * @throws InvalidRequestException when there are warnings
   */
  public void requireNoWarnings() throws InvalidRequestException {
    UnknownFields.refuse(warnings);
  }
}
