package io.sirocco.worker.reply;

/**
 * How an answer is taken up.
 *
 * <p>Immutable.
 */
public enum Opening {
  /** With the first start, as nobody is known to have been here; if somebody was, it is claimed. */
  FRESH,
  /** With a claim, as somebody may have been here. */
  CLAIM,
  /** It was claimed already: the own start is the current one. */
  CLAIMED
}
