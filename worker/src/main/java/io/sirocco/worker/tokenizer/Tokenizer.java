package io.sirocco.worker.tokenizer;

import java.util.Map;
import java.util.OptionalInt;

/**
 * Text to token ids and back.
 *
 * <p>Implementations are thread-safe.
 */
public interface Tokenizer extends AutoCloseable {
  /** The number of tokens. */
  int vocabularySize();

  /** The control tokens, such as {@code <s>}, by the text that stands for them in a template. */
  Map<String, Integer> controlTokens();

  /**
   * The most characters (UTF-16 units) of a text that one token stands for, so that a text of {@code
   * n} characters takes at least {@code n} divided by it; empty when there is no such bound, as with a
   * token for any run of unknown characters.
   */
  OptionalInt longestTokenChars();

  /**
   * Encodes plain text: nothing in it becomes a control token, whatever it looks like, and none is
   * added. Nothing is cut off.
   */
  int[] encodeText(String text);

  /**
   * Encodes trusted text in which the texts of control tokens stand for these, as the model family's
   * own tokenizer does; none is added. Nothing is cut off.
   */
  int[] encodeTrusted(String text);

  /** Decodes token ids; control tokens are left out. Bytes that form no character become U+FFFD. */
  default String decode(int[] tokenIds) {
    return decode(tokenIds, false);
  }

  /**
   * Decodes token ids. Bytes that form no character become U+FFFD.
   *
   * @param controlTokens whether control tokens are shown as the texts that stand for them, or left
   *     out
   */
  String decode(int[] tokenIds, boolean controlTokens);

  /**
   * Returns the text of one token in UTF-8, which may be a part of a character. Those of all tokens of
   * a text, joined, are the text's.
   *
   * @param first whether the token is the first of its text: decoders drop the space of the first word
   */
  byte[] bytes(int tokenId, boolean first);

  /** Frees what the tokenizer holds outside the heap. */
  @Override
  void close();
}
