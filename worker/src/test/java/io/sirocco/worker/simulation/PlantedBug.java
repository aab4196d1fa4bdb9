package io.sirocco.worker.simulation;

/** A rule of the reply log or of closing that is broken on purpose, between a worker and the brokers. */
enum PlantedBug {
  /** New owners do not shut out the earlier one (rule 8). */
  NO_FENCE,
  /** Committed offsets are read while a transaction is to say more (rule 8). */
  UNSTABLE_OFFSETS,
  /** Ownership is not asked for: a commit of nothing new is taken for done (rule 3b). */
  NO_PROOF,
  /** What others wrote before the own start is not read again (rule 3e). */
  NO_READ_BACK,
  /** A commit of unknown outcome is taken for aborted, and done again in a new transaction (rule 7). */
  NEW_TRANSACTION_AFTER_UNKNOWN,
  /** Dead letters are written beside the transaction (rule 7). */
  DEAD_LETTER_OUTSIDE,
  /** A first start is taken for the first record of its log, wherever it is (rule 2). */
  BLIND_START,
  /** A record that failed is sent again (rule 5). */
  RESEND
}
