package io.sirocco.embedded;

import io.sirocco.contracts.chat.Usage;
import java.util.Locale;

/**
 * How long an answer took, as its reader saw it.
 *
 * <p>Confined to the main thread.
 */
final class AnswerTiming {
  private final long submittedNanos;
  private long firstNanos;
  private long lastNanos;
  private int firstTokens;

  AnswerTiming(long submittedNanos) {
    this.submittedNanos = submittedNanos;
  }

  /** Notes that a delta of that many tokens was read. */
  void delta(long nowNanos, int tokens) {
    if (firstNanos == 0) {
      firstNanos = nowNanos;
      firstTokens = tokens;
    }
    lastNanos = nowNanos;
  }

  /** One line: tokens, time to the first of them, and their rate from then on. */
  String summary(Usage usage) {
    double generation = (lastNanos - firstNanos) / 1e9;
    int timed = usage.completionTokens() - firstTokens;
    return String.format(
        Locale.ROOT,
        "prompt %d tokens, completion %d tokens, first token after %.0f ms, generation %.3f s,"
            + " %.1f tokens/s",
        usage.promptTokens(),
        usage.completionTokens(),
        (firstNanos - submittedNanos) / 1e6,
        generation,
        generation > 0 ? timed / generation : 0);
  }
}
