package io.sirocco.gateway.http;

/**
 * The ids of answers, which are those of their requests behind a prefix.
 *
 * <p>Immutable.
 */
final class CompletionIds {
  private static final String PREFIX = "chatcmpl-";

  private CompletionIds() {}

  /** Returns the id under which a worker answers a request. */
  static String of(String requestId) {
    return PREFIX + requestId;
  }

  /** Returns the request that an id belongs to; the request's own id will do. */
  static String requestId(String id) {
    return id.startsWith(PREFIX) ? id.substring(PREFIX.length()) : id;
  }

  static boolean isCompletionId(String id) {
    return id.startsWith(PREFIX);
  }
}
