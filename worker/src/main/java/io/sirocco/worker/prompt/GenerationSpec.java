package io.sirocco.worker.prompt;

import io.sirocco.worker.sampling.SamplingParameters;
import java.util.List;

/**
 * A request, checked and with all defaults filled in.
 *
 * <p>Immutable; the array is never changed.
 *
 * @param promptIds the rendered conversation, at least one token
 * @param maxNewTokens the most tokens to generate; with the prompt no more than the context
 * @param sampling how tokens are chosen
 * @param cache with whom the prompt's computation is shared
 * @param stops texts that end the answer
 * @param stream whether the answer is read while it is written
 * @param warnings the names of fields that were ignored
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record GenerationSpec(
    int[] promptIds,
    int maxNewTokens,
    SamplingParameters sampling,
    CacheFields cache,
    List<String> stops,
    boolean stream,
    List<String> warnings) {

  public GenerationSpec {
    stops = List.copyOf(stops);
    warnings = List.copyOf(warnings);
  }
}
