package io.sirocco.worker.simulation;

/**
 * A rule of the reply log or of closing that is broken on purpose, between a worker and the brokers.
 *
 * <p>The rules are those of the reply log protocol. Of each, what breaks it here, and where it is not
 * broken, why:
 *
 * <table>
 *   <caption>The rules, and the bugs that break them</caption>
 *   <tr><td>1 one fold</td><td>{@link #FOLD_OF_ANY_WRITER}</td></tr>
 *   <tr><td>2 first start: at admission</td><td>{@link #START_AT_POLL}</td></tr>
 *   <tr><td>2 first start: no read only if the log begins with it</td><td>{@link #BLIND_START}</td></tr>
 *   <tr><td>2 first start: what was there before is claimed</td><td>{@link #COMPUTED_UNCOUNTED}</td></tr>
 *   <tr><td>3a claim: a terminal is closed from</td><td>{@link #END_OVERLOOKED}</td></tr>
 *   <tr><td>3b claim: proof</td><td>{@link #NO_PROOF}</td></tr>
 *   <tr><td>3c claim: the attempt as read</td><td>not here, as whoever was away for so long that
 *       another could begin lets go of everything: {@code ClaimTest}</td></tr>
 *   <tr><td>3d claim: no computation before its start</td><td>{@link #COMPUTED_UNCOUNTED}</td></tr>
 *   <tr><td>3e claim: reading back</td><td>{@link #NO_READ_BACK}</td></tr>
 *   <tr><td>4 deltas: all ids</td><td>{@link #IDS_WITHOUT_TEXT_LEFT_OUT}</td></tr>
 *   <tr><td>4 deltas: acknowledged by all copies</td><td>{@link #ACKNOWLEDGED_AND_LOST}</td></tr>
 *   <tr><td>5 a failed send ends the attempt</td><td>{@link #RESEND}</td></tr>
 *   <tr><td>6 terminal after the deltas</td><td>{@link #EARLY_TERMINAL}</td></tr>
 *   <tr><td>6 closing after the terminal</td><td>{@link #EARLY_CLOSE}</td></tr>
 *   <tr><td>7 close: the usage event in the transaction</td><td>{@link #BILL_OUTSIDE}</td></tr>
 *   <tr><td>7 close: the dead letter in it</td><td>{@link #DEAD_LETTER_OUTSIDE}</td></tr>
 *   <tr><td>7 close: the low-water mark</td><td>{@link #HIGHEST_OFFSET}</td></tr>
 *   <tr><td>7 close: an unknown outcome</td><td>{@link #NEW_TRANSACTION_AFTER_UNKNOWN}</td></tr>
 *   <tr><td>7 close: tickets of an ended assignment</td><td>not here, as the fence refuses what they
 *       would do: {@code OffsetLedgerTest}, {@code IntakeLoopTest}</td></tr>
 *   <tr><td>8 assignment: fence and stable offsets</td><td>{@link #NO_FENCE} with {@link
 *       #UNSTABLE_OFFSETS}: each keeps out what the other one would let through</td></tr>
 *   <tr><td>8 assignment: what is finished is skipped</td><td>{@link #FINISHED_FORGOTTEN}</td></tr>
 *   <tr><td>8 assignment: no reset, no static membership</td><td>not here, as they are settings of
 *       clients: {@code KafkaClients}</td></tr>
 *   <tr><td>9 poison: writers are counted</td><td>{@link #NOT_COUNTED}</td></tr>
 *   <tr><td>9 poison: a suspect is alone</td><td>{@link #NO_QUARANTINE}</td></tr>
 *   <tr><td>10 orderly end</td><td>{@link #NO_RELEASE}</td></tr>
 *   <tr><td>11 deletion, which is the requester's</td><td>{@link #DELETED_AT_THE_END}</td></tr>
 *   <tr><td>12 thrift</td><td>not here, as nothing depends on it</td></tr>
 *   <tr><td>13 the draw</td><td>{@link #ANOTHER_SEED}</td></tr>
 * </table>
 */
enum PlantedBug {
  /** New owners do not shut out the earlier one (rule 8). */
  NO_FENCE,
  /** Committed offsets are read while a transaction is to say more (rule 8). */
  UNSTABLE_OFFSETS,
  /** What a commit says is done above its offset is done again (rule 8). */
  FINISHED_FORGOTTEN,
  /** Ownership is not asked for: a commit of nothing new is taken for done (rule 3b). */
  NO_PROOF,
  /** What others wrote before the own start is not read again (rule 3e). */
  NO_READ_BACK,
  /** A worker does not see that an answer has ended (rule 3a). */
  END_OVERLOOKED,
  /** A commit of unknown outcome is taken for aborted, and done again in a new transaction (rule 7). */
  NEW_TRANSACTION_AFTER_UNKNOWN,
  /** Dead letters are written beside the transaction (rule 7). */
  DEAD_LETTER_OUTSIDE,
  /** Usage events are written beside the transaction (rule 7). */
  BILL_OUTSIDE,
  /** What is committed is the highest offset that is done, whatever is open below (rule 7). */
  HIGHEST_OFFSET,
  /** A worker counts deltas that were written under another start than the current one (rule 1). */
  FOLD_OF_ANY_WRITER,
  /** Requests are started when they are polled, though the engine has no room for them (rule 2). */
  START_AT_POLL,
  /** A first start is taken for the first record of its log, wherever it is (rule 2). */
  BLIND_START,
  /** A request that was there before is computed while its start is on its way (rules 2, 3d). */
  COMPUTED_UNCOUNTED,
  /** Of the tokens behind a delta only the last is named (rule 4). */
  IDS_WITHOUT_TEXT_LEFT_OUT,
  /** A delta that was acknowledged may be lost with the broker that did so (rule 4). */
  ACKNOWLEDGED_AND_LOST,
  /** A record that failed is sent again (rule 5). */
  RESEND,
  /** A delta is taken for acknowledged when it is sent, so that its end may overtake its failure (rule 6). */
  EARLY_TERMINAL,
  /** A terminal record is taken for acknowledged when it is sent (rule 6). */
  EARLY_CLOSE,
  /** Writers that took a request up and left nothing are not counted (rule 9). */
  NOT_COUNTED,
  /** They are counted by whoever claims a request, and not before it is admitted (rule 9). */
  NO_QUARANTINE,
  /** Starts are not taken back (rule 10). */
  NO_RELEASE,
  /** A requester deletes the log of an answer when that has ended, and not when it is closed (rule 11). */
  DELETED_AT_THE_END,
  /** Whoever goes on with an answer draws by another seed than whoever began it (rule 13). */
  ANOTHER_SEED
}
