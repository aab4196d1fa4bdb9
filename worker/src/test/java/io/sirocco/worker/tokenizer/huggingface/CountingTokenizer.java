package io.sirocco.worker.tokenizer.huggingface;

import io.sirocco.worker.tokenizer.Tokenizer;
import java.util.Map;
import java.util.OptionalInt;

/** Counts the tokens that another tokenizer decodes. */
final class CountingTokenizer implements Tokenizer {
  private final Tokenizer tokenizer;
  private long decoded;

  CountingTokenizer(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  long decoded() {
    return decoded;
  }

  @Override
  public String decode(int[] tokenIds, boolean controlTokens) {
    decoded += tokenIds.length;
    return tokenizer.decode(tokenIds, controlTokens);
  }

  @Override
  public int vocabularySize() {
    return tokenizer.vocabularySize();
  }

  @Override
  public Map<String, Integer> controlTokens() {
    return tokenizer.controlTokens();
  }

  @Override
  public OptionalInt longestTokenChars() {
    return tokenizer.longestTokenChars();
  }

  @Override
  public int[] encodeText(String text) {
    return tokenizer.encodeText(text);
  }

  @Override
  public int[] encodeTrusted(String text) {
    return tokenizer.encodeTrusted(text);
  }

  @Override
  public byte[] bytes(int tokenId, boolean first) {
    return tokenizer.bytes(tokenId, first);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
