package io.sirocco.gateway.answer;

import io.sirocco.client.RawReply;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer as text for one reader, record by record.
 *
 * <p>Confined to one thread at a time.
 */
public interface AnswerWriter {
  /** The answer begins. */
  String start(RawReply start);

  /** The answer goes on; empty text: nothing to tell yet. */
  String delta(RawReply delta);

  /** The answer is complete. */
  String end(RawReply end);

  /** The answer fails, with that error body as JSON; null: this form cannot say so. */
  @Nullable
  String error(String body);

  /** Something for people and proxies alone; null: this form cannot say so. */
  @Nullable
  String comment(String text);
}
