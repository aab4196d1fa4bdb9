package io.sirocco.embedded.load;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When the pieces of one answer came.
 *
 * <p>Confined to the thread that reads it, and to others when that has ended.
 */
public final class Reading {
  private final LongSupplier nanoTime;
  private final long dueNanos;
  private final List<Long> pieceNanos = new ArrayList<>();
  private long endNanos;
  private @Nullable Usage usage;
  private @Nullable String error;

  /** @param dueNanos when it was to be asked for: who asks late makes it wait no less */
  Reading(LongSupplier nanoTime, long dueNanos) {
    this.nanoTime = nanoTime;
    this.dueNanos = dueNanos;
    this.endNanos = dueNanos;
  }

  /** The answer goes on. */
  void chunk(ChatChunk chunk) {
    if (chunk.choices().stream().anyMatch(Reading::hasText)) {
      pieceNanos.add(nanoTime.getAsLong());
    }
    if (chunk.usage() != null) {
      usage = chunk.usage();
    }
  }

  private static boolean hasText(ChatChunk.Choice choice) {
    String text = choice.delta().content();
    return text != null && !text.isEmpty();
  }

  /** The answer is complete. */
  void end() {
    endNanos = nanoTime.getAsLong();
  }

  /** There is no answer, or no more of it. */
  void fail(String code) {
    endNanos = nanoTime.getAsLong();
    error = code;
  }

  /** Why it failed; null: it is complete. */
  @Nullable
  String error() {
    return error;
  }

  /** When it ended. */
  long endNanos() {
    return endNanos;
  }

  /** From when it was due to the first piece; negative: there was none. */
  long firstNanos() {
    return pieceNanos.isEmpty() ? -1 : pieceNanos.get(0) - dueNanos;
  }

  /** From one piece to the next. */
  List<Long> gapNanos() {
    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < pieceNanos.size(); i++) {
      gaps.add(pieceNanos.get(i) - pieceNanos.get(i - 1));
    }
    return gaps;
  }

  /** From when it was due to its end. */
  long wholeNanos() {
    return endNanos - dueNanos;
  }

  /** The tokens of the prompt and of the answer; null: nobody said it. */
  @Nullable
  Usage usage() {
    return usage;
  }
}
