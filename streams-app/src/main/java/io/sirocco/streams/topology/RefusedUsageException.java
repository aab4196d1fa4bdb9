package io.sirocco.streams.topology;

/** Says why a record about usage cannot be counted. */
public final class RefusedUsageException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedUsageException(String message) {
    super(message);
  }
}
