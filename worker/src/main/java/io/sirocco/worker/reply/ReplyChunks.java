package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.Usage;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the OpenAI chunks of one answer.
 *
 * <p>Immutable.
 *
 * @param head what they have in common
 * @param choices how many choices there are
 * @param promptIds the tokens of the prompt, when the chunks are to carry ids; else null
 */
record ReplyChunks(ReplyHead head, int choices, @Nullable List<Integer> promptIds) {
  private static final String ROLE = "assistant";

  /** The chunk that comes before the text and names who speaks. */
  ChatChunk first() {
    ChatChunk.Delta delta = new ChatChunk.Delta(ROLE, "");
    List<ChatChunk.Choice> all = IntStream.range(0, choices)
        .mapToObj(choice -> new ChatChunk.Choice(choice, delta, null))
        .toList();
    return chunk(all, null, promptIds);
  }

  /** The first chunk without the tokens of the prompt. */
  ChatChunk firstWithoutPrompt() {
    return new ReplyChunks(head, choices, null).first();
  }

  /** The chunk of a piece. */
  ChatChunk of(ReplyPiece piece) {
    String content = piece.text().isEmpty() ? null : piece.text();
    ChatChunk.Choice choice = new ChatChunk.Choice(
        piece.choice(),
        new ChatChunk.Delta(null, content),
        piece.logprobs(),
        piece.finishReason(),
        promptIds == null ? null : piece.tokenIds());
    return chunk(List.of(choice), null, null);
  }

  /** The chunk that comes after the text and says what it used. */
  ChatChunk last(Usage usage) {
    return chunk(List.of(), usage, null);
  }

  private ChatChunk chunk(
      List<ChatChunk.Choice> choices, @Nullable Usage usage, @Nullable List<Integer> prompt) {
    return new ChatChunk(
        "chatcmpl-" + head.requestId(),
        ChatChunk.OBJECT,
        head.createdSeconds(),
        head.model(),
        choices,
        usage,
        prompt);
  }
}
