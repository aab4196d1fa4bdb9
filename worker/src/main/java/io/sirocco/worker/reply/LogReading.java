package io.sirocco.worker.reply;

import io.sirocco.contracts.reply.ReplyCheckpoint;

/**
 * What was found when a reply log was read.
 *
 * <p>Immutable, but for the checkpoint, which belongs to whoever asked.
 */
public sealed interface LogReading {
  /** The answer so far; that of a log without records is empty. */
  record Found(ReplyCheckpoint checkpoint) implements LogReading {}

  /** The requester gave up: the topic is gone, or the log does not begin where it began any more. */
  record Gone(String message) implements LogReading {}

  /** A record that counts has a body that nobody can read; nor can anybody who waits for the answer. */
  record Unreadable(String message) implements LogReading {}
}
