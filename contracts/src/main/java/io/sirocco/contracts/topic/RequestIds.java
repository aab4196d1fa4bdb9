package io.sirocco.contracts.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * Which ids a request may have. A worker answers one with another id under an id of its own, which
 * its sender does not know, and would wait for.
 *
 * <p>Immutable.
 */
public final class RequestIds {
  /** The most bytes of an id in UTF-8; the least is 1. */
  public static final int MOST_BYTES = 200;

  private RequestIds() {}

  /** Whether a worker answers under {@code id}. */
  public static boolean isUsable(String id) {
    try {
      return isUsableLength(UTF_8.newEncoder().encode(CharBuffer.wrap(id)).remaining());
    } catch (CharacterCodingException e) { // Half a surrogate pair would arrive as another id.
      return false;
    }
  }

  /** Whether a worker answers under {@code id}, the bytes of the header. */
  public static boolean isUsable(byte[] id) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(id));
      return isUsableLength(id.length);
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static boolean isUsableLength(int bytes) {
    return bytes >= 1 && bytes <= MOST_BYTES;
  }
}
