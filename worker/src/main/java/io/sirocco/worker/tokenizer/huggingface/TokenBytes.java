package io.sirocco.worker.tokenizer.huggingface;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The bytes for which each token of a {@code tokenizer.json} stands, as its decoder joins them.
 *
 * <p>Known are the vocabularies of SentencePiece ({@code ▁} for a space, {@code <0xE4>} for a byte) and
 * byte-level ones (a printable character for each byte).
 *
 * <p>Immutable; the arrays are never changed.
 *
 * <p>Source: GPT-2's {@code encoder.py}, {@code bytes_to_unicode}.
 */
final class TokenBytes {
  private static final byte[] NONE = {};
  private static final String SPACE = "▁";
  private static final Pattern BYTE_TOKEN = Pattern.compile("<0x([0-9A-Fa-f]{2})>");

  private final byte[][] byId;
  private final boolean dropsFirstSpace;

  private TokenBytes(byte[][] byId, boolean dropsFirstSpace) {
    this.byId = byId;
    this.dropsFirstSpace = dropsFirstSpace;
  }

  /** Reads them from a definition whose token ids are below {@code vocabularySize}. */
  static TokenBytes read(JsonNode json, int vocabularySize, Map<String, Integer> addedTokens) {
    List<JsonNode> decoders = parts(json.path("decoder")).toList();
    boolean byteLevel = has(decoders, "ByteLevel");
    boolean byteFallback = json.path("model").path("byte_fallback").asBoolean(false);
    byte[][] byId = new byte[vocabularySize][];
    Arrays.fill(byId, NONE);
    for (Map.Entry<String, JsonNode> token : json.path("model").path("vocab").properties()) {
      String piece = token.getKey();
      byId[token.getValue().asInt()] =
          byteLevel ? ofByteLevel(piece) : ofSentencePiece(piece, byteFallback);
    }
    addedTokens.forEach((text, id) -> byId[id] = text.getBytes(UTF_8));
    return new TokenBytes(byId, has(decoders, "Strip") || has(decoders, "Metaspace"));
  }

  private static boolean has(List<JsonNode> parts, String type) {
    return parts.stream().anyMatch(part -> part.path("type").asString("").equals(type));
  }

  private static Stream<JsonNode> parts(JsonNode decoder) {
    return decoder.path("decoders").isArray()
        ? decoder.path("decoders").valueStream().flatMap(TokenBytes::parts)
        : Stream.of(decoder);
  }

  private static byte[] ofSentencePiece(String piece, boolean byteFallback) {
    Matcher byteToken = BYTE_TOKEN.matcher(piece);
    return byteFallback && byteToken.matches()
        ? new byte[] {(byte) Integer.parseInt(byteToken.group(1), 16)}
        : piece.replace(SPACE, " ").getBytes(UTF_8);
  }

  private static byte[] ofByteLevel(String piece) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    piece.chars().forEach(character -> bytes.write(byteOf(character)));
    return bytes.toByteArray();
  }

  /** Bytes that are printable in Latin-1 stand for themselves; the others follow from 256 on. */
  private static int byteOf(int character) {
    if (character < 256) {
      return character;
    }
    int rank = character - 256;
    if (rank <= ' ') {
      return rank;
    }
    return rank < 67 ? rank - 33 + 127 : 173;
  }

  /**
   * Returns the bytes of a token; none for an id that stands for nothing.
   *
   * @param first whether it begins a text: most decoders drop the space of the first word
   */
  byte[] of(int tokenId, boolean first) {
    byte[] bytes = tokenId < byId.length ? byId[tokenId] : NONE;
    return first && dropsFirstSpace && bytes.length > 0 && bytes[0] == ' '
        ? Arrays.copyOfRange(bytes, 1, bytes.length)
        : bytes.clone();
  }
}
