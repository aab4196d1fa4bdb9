package io.sirocco.contracts.reply;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.topic.Headers;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a reply log, with its headers decoded.
 *
 * <p>Immutable.
 *
 * @param offset the record's place in its partition
 * @param timestampMillis the record's timestamp, in milliseconds since the epoch
 * @param requestId the request it belongs to
 * @param event what it is
 * @param writer who wrote it
 * @param attempt the number of the start it was written under, from 1
 * @param sequence its place in the answer, from 0; null unless the event {@link
 *     ReplyEvent#isSequenced() is sequenced}
 * @param choice the choice it belongs to, from 0
 * @param tokenIds the ids of the tokens that it carries
 * @param seed on a start, the seed in use; null when it names none, or none that can be read
 * @param body OpenAI's JSON
 */
public record ReplyRecord(
    long offset,
    long timestampMillis,
    String requestId,
    ReplyEvent event,
    String writer,
    int attempt,
    @Nullable Long sequence,
    int choice,
    List<Integer> tokenIds,
    @Nullable Long seed,
    String body) {

  public ReplyRecord {
    tokenIds = List.copyOf(tokenIds);
  }

  /**
   * Decodes a Kafka record, or returns null for one that is no record of a reply log: a topic can
   * hold anything, and a reader drops what it does not know.
   */
  public static @Nullable ReplyRecord decode(
      long offset, long timestampMillis, HeaderLookup headers, byte @Nullable [] value) {
    String requestId = text(headers, Headers.REQUEST_ID);
    String eventName = text(headers, Headers.EVENT);
    String writer = text(headers, Headers.WRITER);
    ReplyEvent event = eventName == null ? null : ReplyEvent.ofWireName(eventName);
    if (requestId == null || event == null || writer == null) {
      return null;
    }
    try {
      String sequence = text(headers, Headers.SEQUENCE);
      if (event.isSequenced() != (sequence != null)) {
        return null;
      }
      return new ReplyRecord(
          offset,
          timestampMillis,
          requestId,
          event,
          writer,
          atLeast(1, orElse(text(headers, Headers.ATTEMPT), "")),
          sequence == null ? null : place(sequence),
          atLeast(0, orElse(text(headers, Headers.CHOICE), "0")),
          tokenIds(orElse(text(headers, Headers.TOKEN_IDS), "")),
          seed(text(headers, Headers.SEED)),
          value == null ? "" : new String(value, UTF_8));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static List<Integer> tokenIds(String header) {
    return header.isEmpty()
        ? List.of()
        : Arrays.stream(header.split(",", -1)).map(id -> atLeast(0, id)).toList();
  }

  /** Readers need no seed, and so a bad one does not make the record a foreign one. */
  private static @Nullable Long seed(@Nullable String decimal) {
    try {
      return decimal == null ? null : Long.valueOf(decimal);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static int atLeast(int least, String decimal) {
    int value = Integer.parseInt(decimal);
    if (value < least) {
      throw new NumberFormatException("expected " + least + " or more, found " + value);
    }
    return value;
  }

  private static long place(String decimal) {
    long value = Long.parseLong(decimal);
    if (value < 0) {
      throw new NumberFormatException("expected 0 or more, found " + value);
    }
    return value;
  }

  private static @Nullable String text(HeaderLookup headers, String name) {
    byte[] value = headers.last(name);
    return value == null ? null : new String(value, UTF_8);
  }

  private static String orElse(@Nullable String text, String otherwise) {
    return text == null ? otherwise : text;
  }
}
