package io.sirocco.worker.tokenizer;

import java.util.Arrays;

/**
 * Decodes the tokens of one answer as they come: the texts returned, joined, are the text of all
 * tokens decoded together.
 *
 * <p>A token's text depends on its neighbours: decoders drop the space of the first word, and a
 * character may be spread over several byte tokens. So a few tokens before the new ones are decoded
 * with and without these, and the difference is the new text; while the end is half a character,
 * nothing is returned. Tokens that never give text are passed over, and of bytes that can no longer
 * become a character all but the last few are returned as U+FFFD: what is decoded again stays small.
 *
 * <p>Some decoders spoil a whole run of byte tokens for one that fits in nowhere. Of such a run, the
 * characters that were complete before it, or long after it, are returned as they are.
 *
 * <p>Confined to one thread.
 */
public final class StreamDecoder {
  private static final char INCOMPLETE = '\uFFFD';

  /** Bytes of UTF-8. */
  private static final int LONGEST_CHARACTER = 4;

  private static final int CONTEXT = 8;

  private final Tokenizer tokenizer;
  private final boolean controlTokens;
  private int[] window = new int[16];
  private int size;

  /** How many tokens of the window, from its begin, have been returned as text. */
  private int returned;

  /** The text of these. */
  private String shown = "";

  /** How long the text of the whole window is. */
  private int length;

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
    measure();
  }

  /** Adds a token and returns the text that is complete by it; often empty. */
  public String append(int tokenId) {
    if (size == window.length) {
      window = Arrays.copyOf(window, 2 * size);
    }
    window[size++] = tokenId;
    String text = decodeWindow(size);
    if (text.length() == length && isHidden(tokenId)) {
      size--;
      return "";
    }
    length = text.length();
    if (!text.isEmpty() && text.charAt(text.length() - 1) != INCOMPLETE) {
      return take(size, text);
    }
    if (held() <= LONGEST_CHARACTER) {
      return "";
    }
    int end = size - (LONGEST_CHARACTER - 1); // The rest may yet become a character.
    return take(end, decodeWindow(end));
  }

  /** Ends the answer and returns what was held back: bytes that form no character as U+FFFD. */
  public String flush() {
    return take(size, decodeWindow(size));
  }

  /** How many of the last tokens have given no text yet. */
  public int held() {
    return size - returned;
  }

  /** Returns what is new in {@code text}, that of the window up to {@code end}, and moves on. */
  private String take(int end, String text) {
    boolean spoilt = !text.startsWith(shown); // By new bytes, which then stand for themselves.
    String fresh = spoilt
        ? tokenizer.decode(Arrays.copyOfRange(window, returned, end), controlTokens)
        : text.substring(shown.length());
    if (fresh.isEmpty() && end - returned <= LONGEST_CHARACTER) {
      return "";
    }
    int context = end == size ? returned : Math.max(spoilt ? returned : 0, end - CONTEXT);
    System.arraycopy(window, context, window, 0, size - context);
    size -= context;
    returned = end - context;
    measure();
    return fresh;
  }

  private void measure() {
    shown = decodeWindow(returned);
    length = returned == size ? shown.length() : decodeWindow(size).length();
  }

  /** Whether a token gives no text wherever it stands, as no first word's space does. */
  private boolean isHidden(int tokenId) {
    return tokenizer.decode(new int[] {tokenId, tokenId}, controlTokens).isEmpty();
  }

  private String decodeWindow(int tokens) {
    return tokens == 0 ? "" : tokenizer.decode(Arrays.copyOf(window, tokens), controlTokens);
  }
}
