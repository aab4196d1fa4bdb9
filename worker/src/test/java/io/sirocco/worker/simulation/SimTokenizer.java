package io.sirocco.worker.simulation;

import io.sirocco.worker.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One token for each of few letters, so that stop texts are met by chance.
 *
 * <p>Immutable.
 */
final class SimTokenizer implements Tokenizer {
  static final int BEGIN = 0;
  static final int END = 1;
  static final int VOCABULARY = 14;

  private static final int LETTERS = 2;

  @Override
  public int vocabularySize() {
    return VOCABULARY;
  }

  @Override
  public Map<String, Integer> controlTokens() {
    return Map.of("<s>", BEGIN, "</s>", END);
  }

  @Override
  public OptionalInt longestTokenChars() {
    return OptionalInt.of(1);
  }

  @Override
  public int[] encodeText(String text) {
    return text.chars().map(c -> LETTERS + c % (VOCABULARY - LETTERS)).toArray();
  }

  @Override
  public int[] encodeTrusted(String text) {
    return encodeText(text);
  }

  @Override
  public String decode(int[] tokenIds, boolean controlTokens) {
    StringBuilder text = new StringBuilder();
    for (int id : tokenIds) {
      if (id >= LETTERS) {
        text.append((char) ('a' + id - LETTERS));
      } else if (controlTokens) {
        text.append(id == BEGIN ? "<s>" : "</s>");
      }
    }
    return text.toString();
  }

  @Override
  public byte[] bytes(int tokenId, boolean first) {
    return decode(new int[] {tokenId}, true).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {}
}
