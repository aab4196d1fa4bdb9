package io.sirocco.streams.topology;

/** Says why a record on the usage topic cannot be counted. */
final class RefusedUsageException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedUsageException(String message) {
    super(message);
  }
}
