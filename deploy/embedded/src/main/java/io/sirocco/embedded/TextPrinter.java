package io.sirocco.embedded;

import io.sirocco.client.RawReply;
import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.ReplyEvent;
import java.io.PrintWriter;

/**
 * Prints the text of the answer as it comes.
 *
 * <p>Confined to the main thread.
 */
final class TextPrinter implements AnswerPrinter {
  private final PrintWriter out;
  private final JsonCodec codec = new JsonCodec();
  private boolean midLine;

  TextPrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void print(RawReply reply) {
    if (reply.reply().event() != ReplyEvent.DELTA) {
      return;
    }
    try {
      for (ChatChunk.Choice choice : codec.read(reply.value(), ChatChunk.class).choices()) {
        String content = choice.delta().content();
        if (content != null) {
          out.print(content);
          midLine = true;
        }
      }
      out.flush();
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("expected a chunk that the client has read before", e);
    }
  }

  @Override
  public void end() {
    if (midLine) {
      out.println();
      out.flush();
      midLine = false;
    }
  }
}
