package io.sirocco.worker.model;

/**
 * The likeliest tokens of a row of logits, so many that the next one is nearly always among them.
 *
 * <p>Immutable; the arrays are not copied.
 *
 * @param tokenIds the tokens, the likeliest first, of equals any; no other token has a greater logit
 *     than the last; a logit that is no number counts as greatest
 * @param logits their float32 logits before any sampling
 * @param rest what all other tokens weigh together, where a token weighs the exponential of its logit
 *     times the span's scale and the likeliest weighs 1; in float32
 */
@SuppressWarnings("ArrayRecordComponent") // A view of one step's results; never compared.
public record Shortlist(int[] tokenIds, float[] logits, float rest) implements PartialRow {
  /** How many tokens, of a vocabulary that is not smaller. */
  public static final int LENGTH = 256;
}
