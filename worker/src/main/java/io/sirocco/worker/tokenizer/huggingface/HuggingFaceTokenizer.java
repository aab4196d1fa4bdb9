package io.sirocco.worker.tokenizer.huggingface;

import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.tokenizer.Tokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.LongStream;

/**
 * A {@code tokenizer.json} on HuggingFace's Rust library.
 *
 * <p>The library finds control tokens anywhere in a text, also where it is told to add none. Text of
 * users therefore goes through a second tokenizer, which knows no control tokens. Encoding the pieces
 * around them would give other ids, for the normalizer begins every piece anew.
 *
 * <p>Thread-safe, except for {@link #close}, which nothing may follow.
 */
public final class HuggingFaceTokenizer implements Tokenizer {
  /** The library cuts texts at 512 tokens unless it is told not to. */
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

  private final ai.djl.huggingface.tokenizers.HuggingFaceTokenizer trusted;
  private final ai.djl.huggingface.tokenizers.HuggingFaceTokenizer textOnly;
  private final Map<String, Integer> controlTokens;
  private final int vocabularySize;
  private final OptionalInt longestTokenChars;
  private final TokenBytes tokenBytes;

  private HuggingFaceTokenizer(
      ai.djl.huggingface.tokenizers.HuggingFaceTokenizer trusted,
      ai.djl.huggingface.tokenizers.HuggingFaceTokenizer textOnly,
      TokenizerDefinition definition) {
    this.trusted = trusted;
    this.textOnly = textOnly;
    controlTokens = definition.addedTokens();
    vocabularySize = definition.vocabularySize();
    longestTokenChars = definition.longestTokenChars();
    tokenBytes = definition.tokenBytes();
  }

  /** Loads a {@code tokenizer.json}. */
  public static HuggingFaceTokenizer load(Path tokenizerJson) throws ModelLoadException {
    // The library may be the first of DJL to be loaded: it must not download or report anything.
    System.setProperty("ai.djl.offline", "true");
    // On a machine with a card, another build would be looked for and fetched.
    System.setProperty("RUST_FLAVOR", "cpu");
    TokenizerDefinition definition = TokenizerDefinition.read(tokenizerJson);
    try {
      return new HuggingFaceTokenizer(
          library(definition.trusted()), library(definition.textOnly()), definition);
    } catch (IOException | RuntimeException e) { // The library throws no type of its own.
      throw new ModelLoadException(
          tokenizerJson + ": expected a tokenizer that the library reads: " + e.getMessage(), e);
    }
  }

  private static ai.djl.huggingface.tokenizers.HuggingFaceTokenizer library(byte[] json)
      throws IOException {
    return ai.djl.huggingface.tokenizers.HuggingFaceTokenizer.newInstance(
        new ByteArrayInputStream(json), OPTIONS);
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public Map<String, Integer> controlTokens() {
    return controlTokens;
  }

  @Override
  public OptionalInt longestTokenChars() {
    return longestTokenChars;
  }

  @Override
  public int[] encodeText(String text) {
    return encode(textOnly, text);
  }

  @Override
  public int[] encodeTrusted(String text) {
    return encode(trusted, text);
  }

  private static int[] encode(
      ai.djl.huggingface.tokenizers.HuggingFaceTokenizer library, String text) {
    long[] ids = library.encode(wellFormed(text), false, false).getIds();
    return LongStream.of(ids).mapToInt(Math::toIntExact).toArray();
  }

  /**
   * Halves of surrogate pairs, which JSON can smuggle in, become U+FFFD: the library would take the
   * whole text for another encoding.
   */
  private static String wellFormed(String text) {
    if (text.codePoints().noneMatch(HuggingFaceTokenizer::isSurrogate)) {
      return text;
    }
    StringBuilder replaced = new StringBuilder(text.length());
    text.codePoints()
        .map(character -> isSurrogate(character) ? 0xFFFD : character)
        .forEach(replaced::appendCodePoint);
    return replaced.toString();
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  @Override
  public String decode(int[] tokenIds, boolean controlTokens) {
    return trusted.decode(Arrays.stream(tokenIds).asLongStream().toArray(), !controlTokens);
  }

  @Override
  public byte[] bytes(int tokenId, boolean first) {
    return tokenBytes.of(tokenId, first);
  }

  @Override
  public void close() {
    trusted.close();
    textOnly.close();
  }
}
