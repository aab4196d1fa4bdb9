package io.sirocco.contracts.request;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells whether two requests under one id are the same.
 *
 * <p>Immutable.
 */
public final class RequestFingerprint {
  private static final String PREFIX = "sha256:";

  private RequestFingerprint() {}

  /**
   * Returns the fingerprint of a request's body, byte for byte: {@code sha256:} and 64 hexadecimal
   * digits. A repeat is meant to be the same record, not one that happens to ask the same.
   *
   * <p>Source: FIPS 180-4.
   */
  public static String of(byte[] body) {
    try {
      return PREFIX
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected SHA-256, which every Java has, found none", e);
    }
  }
}
