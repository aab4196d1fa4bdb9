package io.sirocco.worker.closing;

/** What became of an attempt to close. */
public enum CloseOutcome {
  /** It is done, for good. */
  DONE,
  /** It is not done, or nobody knows: the same batch is to be closed again. */
  AGAIN,
  /** It is not done: the group does not know the member by what it said of itself. */
  REFUSED,
  /** It was not done, or the next owner will find that it was: nothing can be closed any more. */
  OVER
}
