package io.sirocco.worker.sampling;

import org.jspecify.annotations.Nullable;

/**
 * The token that was chosen.
 *
 * <p>Immutable.
 *
 * @param tokenId the token
 * @param logProbabilities null unless asked for
 */
public record SampledToken(int tokenId, @Nullable LogProbabilities logProbabilities)
    implements SamplingOutcome {}
