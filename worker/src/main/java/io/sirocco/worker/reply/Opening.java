package io.sirocco.worker.reply;

/**
 * How an answer is taken up.
 *
 * <p>Immutable.
 */
public enum Opening {
  /**
   * With the first start, as nobody is known to have been here; if somebody was, or nobody knows where
   * the log begins, it is claimed.
   */
  FRESH,
  /** With a claim, as somebody may have been here. */
  CLAIM,
  /** It was claimed already: the own start is the current one. */
  CLAIMED
}
