package io.sirocco.worker.verify;

/**
 * The reference's logit of one token at one position of a prompt.
 *
 * <p>Immutable.
 *
 * @param position index in the prompt of the token after which the logit was computed
 * @param tokenId the token
 * @param logit the reference's value
 */
public record TokenLogit(int position, int tokenId, double logit) {}
