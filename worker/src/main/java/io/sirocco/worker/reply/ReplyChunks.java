package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the OpenAI chunks of one answer.
 *
 * <p>Immutable.
 *
 * @param head what they have in common
 */
record ReplyChunks(ReplyHead head) {
  private static final String ROLE = "assistant";

  /** The chunk that comes before the text and names who speaks. */
  ChatChunk first() {
    return ofChoice(new ChatChunk.Delta(ROLE, ""), null);
  }

  /** The chunk of a piece. */
  ChatChunk of(ReplyPiece piece) {
    String content = piece.text().isEmpty() ? null : piece.text();
    return ofChoice(new ChatChunk.Delta(null, content), piece.finishReason());
  }

  /** The chunk that comes after the text and says what it used. */
  ChatChunk last(Usage usage) {
    return of(List.of(), usage);
  }

  private ChatChunk ofChoice(ChatChunk.Delta delta, @Nullable FinishReason finishReason) {
    return of(List.of(new ChatChunk.Choice(0, delta, finishReason)), null);
  }

  private ChatChunk of(List<ChatChunk.Choice> choices, @Nullable Usage usage) {
    return new ChatChunk(
        "chatcmpl-" + head.requestId(),
        ChatChunk.OBJECT,
        head.createdSeconds(),
        head.model(),
        choices,
        usage);
  }
}
