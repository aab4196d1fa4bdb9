package io.sirocco.worker.simulation;

/** What can go wrong, besides that everything takes its time. */
enum Fault {
  /** A process is killed between two events. */
  KILL,
  /** A process is killed in a call, which arrives, does not, or does so later. */
  KILL_IN_CALL,
  /** A process is frozen between two events, for less or more than the session timeout. */
  FREEZE,
  /** A process is frozen in a call, before or after it arrives. */
  FREEZE_IN_CALL,
  /** A process is frozen when a commit has arrived, and before it hears so. */
  FREEZE_AT_COMMIT,
  /** A process cannot reach its group's coordinator, but everybody else. */
  CUT_OFF,
  /** A process more joins the group. */
  JOIN,
  /** A process ends in good order. */
  LEAVE,
  /** A process that has a partition ends in good order, at once, and another joins. */
  HAND_OVER,
  /** A call that waits fails, having arrived, not having arrived, or arriving later. */
  CALL_FAILS,
  /** A reply record fails, having arrived, not having arrived, or arriving later. */
  SEND_FAILS,
  /** The same of a start. */
  START_FAILS,
  /** A reply record is acknowledged without its offset, as one that was sent twice. */
  NO_OFFSET,
  /** The group's epochs begin again, when it has no member. */
  EPOCH_RESET,
  /** The requester writes the same request twice. */
  DUPLICATE,
  /** A requester does not say where the answer is wanted. */
  NO_REPLY_TOPIC,
  /** A request is cancelled, before it is written, while it waits or runs, or after its end. */
  CANCEL,
  /** Those who wait are told so in the log, again and again. */
  PROGRESS,
  /** Requesters delete the log of an answer that they have read, as soon as its request is closed. */
  DELETE,
  /** A requester gives up, and deletes the log whatever is still to come. */
  GIVE_UP,
  /** Whoever computes a request dies of it, and is replaced. */
  POISON
}
