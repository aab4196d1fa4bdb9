package io.sirocco.worker.model;

/** How much of a row of logits serves whoever asks for it; a model may give more. */
public enum RowForm {
  /** All logits. */
  WHOLE,
  /** A {@link Shortlist}; whole rows may be asked for after the step. */
  SHORTLIST,
  /** The {@link Likeliest} token. */
  LIKELIEST
}
