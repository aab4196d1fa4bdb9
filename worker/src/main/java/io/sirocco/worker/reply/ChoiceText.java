package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.Logprobs;
import io.sirocco.worker.prompt.GenerationSpec;
import io.sirocco.worker.sampling.LogProbabilities;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.tokenizer.StreamDecoder;
import io.sirocco.worker.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text of one choice: what its tokens stand for, up to a stop text.
 *
 * <pre>
 *   decoded:  [ shown ............ | held back, as it may become a stop text ]
 * </pre>
 *
 * <p>Confined to the engine thread.
 */
final class ChoiceText {
  private static final int NEIGHBOURS = 16;

  private final StreamDecoder decoder;
  private final StopMatcher stops;
  private final @Nullable PendingLogprobs logprobs;
  private final Set<Integer> hidden;
  private final StringBuilder fresh;
  private final int leastTokens;
  private int tokens;
  private int decodedChars;
  private int shownChars;

  /** Begins the text of an answer to {@code spec}. */
  ChoiceText(GenerationSpec spec, Tokenizer tokenizer) {
    boolean skip = spec.form().skipSpecialTokens();
    boolean continued = spec.form().continued();
    decoder = new StreamDecoder(tokenizer, !skip);
    if (continued) {
      decoder.goOnFrom(endOf(spec.promptIds()));
    }
    stops = new StopMatcher(spec.stop().texts(), spec.stop().textIncluded());
    logprobs =
        spec.sampling().logProbabilities() ? new PendingLogprobs(tokenizer, !continued) : null;
    hidden = skip ? Set.copyOf(tokenizer.controlTokens().values()) : Set.of();
    fresh = new StringBuilder(spec.form().echoed());
    leastTokens = spec.sampling().minTokens();
  }

  /** Neighbours that are further away change nothing. */
  private static int[] endOf(int[] promptIds) {
    return Arrays.copyOfRange(
        promptIds, Math.max(0, promptIds.length - NEIGHBOURS), promptIds.length);
  }

  /** Adds a token. */
  void append(SampledToken token) {
    if (logprobs != null && !hidden.contains(token.tokenId())) {
      LogProbabilities probabilities = token.logProbabilities();
      if (probabilities == null) {
        logprobs.skip();
      } else {
        logprobs.add(token.tokenId(), probabilities);
      }
    }
    tokens++;
    String text = decoder.append(token.tokenId());
    if (!text.isEmpty()) {
      decoded(text);
    }
  }

  /** Ends the text: what was held back is shown, unless it was a stop text. */
  void end() {
    decoded(decoder.flush());
    show(stops.flush());
  }

  private void decoded(String text) {
    decodedChars += text.length();
    if (logprobs != null) {
      logprobs.complete(decodedChars, decoder.held());
    }
    show(tokens <= leastTokens ? text : stops.append(text));
  }

  private void show(String text) {
    shownChars += text.length();
    fresh.append(text);
  }

  /** Whether a stop text was met. */
  boolean isStopped() {
    return stops.matched();
  }

  /** Whether there is text that was not taken. */
  boolean hasNew() {
    return !fresh.isEmpty();
  }

  /** Has the text taken that readers were shown already, the first of it; false when it is another. */
  boolean skip(String seen) {
    if (fresh.indexOf(seen) != 0) {
      return false;
    }
    fresh.delete(0, seen.length());
    takeLogprobs();
    return true;
  }

  /** Takes the text that was not taken yet. */
  String take() {
    String text = fresh.toString();
    fresh.setLength(0);
    return text;
  }

  /** Takes the log-probabilities of the text that was taken; null when nobody asked. */
  @Nullable
  Logprobs takeLogprobs() {
    return logprobs == null ? null : logprobs.take(shownChars);
  }
}
