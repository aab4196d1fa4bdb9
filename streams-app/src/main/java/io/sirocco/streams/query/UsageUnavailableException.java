package io.sirocco.streams.query;

/**
 * Says that totals cannot be read now, but can a little later: the application starts, restores its
 * stores, or moves them to another process.
 *
 * <p>Immutable.
 */
public final class UsageUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** @param cause what is not at hand */
  public UsageUnavailableException(Throwable cause) {
    super("the totals are being restored; ask again in a moment", cause);
  }

  /**
   * @param message what is not at hand
   * @param cause why
   */
  public UsageUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  /** @param message what is not at hand */
  public UsageUnavailableException(String message) {
    super(message);
  }
}
