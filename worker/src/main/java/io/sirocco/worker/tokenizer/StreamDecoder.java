package io.sirocco.worker.tokenizer;

import java.util.Arrays;

/**
 * Decodes the tokens of one answer as they come: the texts returned, joined, are the text of all
 * tokens decoded together.
 *
 * <p>A token's text depends on its neighbours: decoders drop the space of the first word, and a
 * character may be spread over several byte tokens. So a few tokens before the new ones are decoded
 * with and without these, and the difference is the new text; while the end is half a character,
 * nothing is returned. (Tokens whose bytes form no character at all may decode to another number
 * of U+FFFD than together.)
 *
 * <p>Confined to one thread.
 */
public final class StreamDecoder {
  private static final char INCOMPLETE = '\uFFFD';

  private final Tokenizer tokenizer;
  private final boolean controlTokens;
  private int[] window = new int[16];
  private int size;

  /** How many tokens of the window, from its begin, have been returned as text. */
  private int returned;

  /** Begins a text of its own, without control tokens. */
  public StreamDecoder(Tokenizer tokenizer) {
    this(tokenizer, false);
  }

  /**
   * Begins a text of its own.
   *
   * @param controlTokens whether control tokens are shown as the texts that stand for them, or left
   *     out
   */
  public StreamDecoder(Tokenizer tokenizer, boolean controlTokens) {
    this.tokenizer = tokenizer;
    this.controlTokens = controlTokens;
  }

  /** Has the answer go on from {@code tokenIds}, before its first token: the text is no new one. */
  public void goOnFrom(int[] tokenIds) {
    window = Arrays.copyOf(tokenIds, tokenIds.length + 16);
    size = tokenIds.length;
    returned = size;
  }

  /** Adds a token and returns the text that is complete by it; often empty. */
  public String append(int tokenId) {
    if (size == window.length) {
      window = Arrays.copyOf(window, 2 * size);
    }
    window[size++] = tokenId;
    String text = decodeWindow(size);
    if (text.isEmpty() || text.charAt(text.length() - 1) == INCOMPLETE) {
      return "";
    }
    return take(text);
  }

  /** Ends the answer and returns what was held back: bytes that form no character as U+FFFD. */
  public String flush() {
    return take(decodeWindow(size));
  }

  /** Returns the part of {@code text} that is new, and makes its tokens the next context. */
  private String take(String text) {
    String before = decodeWindow(returned);
    if (text.length() <= before.length()) {
      return "";
    }
    System.arraycopy(window, returned, window, 0, size - returned);
    size -= returned;
    returned = size;
    return text.substring(before.length());
  }

  private String decodeWindow(int tokens) {
    return tokens == 0 ? "" : tokenizer.decode(Arrays.copyOf(window, tokens), controlTokens);
  }
}
