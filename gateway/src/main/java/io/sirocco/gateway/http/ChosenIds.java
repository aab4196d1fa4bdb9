package io.sirocco.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.client.ReplyTopicMode;
import io.sirocco.gateway.auth.Caller;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The request ids of those who choose one, as their {@code Idempotency-Key}. On a topic that all share,
 * answers are told apart by the id alone, and two users may choose the same: there each has ids of their
 * own.
 *
 * <p>Immutable.
 */
final class ChosenIds {
  /** No key has it. */
  private static final char BEFORE_MARK = '~';

  private static final int MARK_BYTES = 8;

  private final boolean marked;

  ChosenIds(ReplyTopicMode mode) {
    this.marked = mode == ReplyTopicMode.SHARED;
  }

  /** Returns the id of the caller's request under a key. */
  String of(Caller caller, String key) {
    return marked ? key + BEFORE_MARK + mark(caller, key) : key;
  }

  /** Whether {@code id} can be a key that stands for another id. */
  boolean mayBeKey(String id) {
    return marked && id.indexOf(BEFORE_MARK) < 0;
  }

  /** With the key in it, so that nobody sees which ids are of one user. */
  private static String mark(Caller caller, String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((key + BEFORE_MARK + caller.user()).getBytes(UTF_8));
      return HexFormat.of().formatHex(digest.digest(), 0, MARK_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
