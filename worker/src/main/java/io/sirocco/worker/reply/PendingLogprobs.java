package io.sirocco.worker.reply;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.chat.Logprobs;
import io.sirocco.worker.sampling.LogProbabilities;
import io.sirocco.worker.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The log-probabilities of a choice's tokens, in OpenAI's form, until all of their text is shown: what
 * is held back for a stop text must not be told in another way, and a token that a stop text cuts
 * is never told.
 *
 * <p>Confined to the engine thread.
 */
final class PendingLogprobs {
  private record Complete(int textEnd, Logprobs.Token token) {}

  private final Tokenizer tokenizer;
  private final List<Logprobs.Token> open = new ArrayList<>();
  private final Deque<Complete> complete = new ArrayDeque<>();
  private boolean first;

  /**
   * @param first whether the choice's first token begins its text
   */
  PendingLogprobs(Tokenizer tokenizer, boolean first) {
    this.tokenizer = tokenizer;
    this.first = first;
  }

  /** Passes over a token of which nothing is told here, as somebody else generated it. */
  void skip() {
    first = false;
  }

  /** Adds the next token, whose text is to come. */
  void add(int tokenId, LogProbabilities of) {
    byte[] bytes = tokenizer.bytes(tokenId, first);
    List<Logprobs.Alternative> top = new ArrayList<>();
    for (LogProbabilities.Entry entry : of.top()) {
      byte[] other = tokenizer.bytes(entry.tokenId(), first);
      top.add(
          new Logprobs.Alternative(text(other), writable(entry.logProbability()), unsigned(other)));
    }
    first = false;
    open.add(new Logprobs.Token(text(bytes), writable(of.chosen()), unsigned(bytes), top));
  }

  /**
   * Notes that the text of the tokens so far has {@code textEnd} characters.
   *
   * @param held how many of the last tokens are no part of it yet
   */
  void complete(int textEnd, int held) {
    List<Logprobs.Token> told = open.subList(0, Math.max(0, open.size() - held));
    told.forEach(token -> complete.add(new Complete(textEnd, token)));
    told.clear();
  }

  /** Takes the tokens out whose text lies within the first {@code shownChars} characters. */
  Logprobs take(int shownChars) {
    List<Logprobs.Token> shown = new ArrayList<>();
    while (!complete.isEmpty() && complete.element().textEnd() <= shownChars) {
      shown.add(complete.remove().token());
    }
    return new Logprobs(shown);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static double writable(double logProbability) {
    return Math.max(logProbability, Logprobs.VERY_UNLIKELY);
  }

  private static List<Integer> unsigned(byte[] bytes) {
    List<Integer> values = new ArrayList<>(bytes.length);
    for (byte value : bytes) {
      values.add(Byte.toUnsignedInt(value));
    }
    return values;
  }
}
