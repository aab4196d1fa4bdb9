package io.sirocco.gateway.answer;

import org.jspecify.annotations.Nullable;

/**
 * The text of server-sent events.
 *
 * <p>Source: HTML Living Standard, section 9.2, server-sent events.
 *
 * <p>Immutable.
 */
final class ServerSentEvents {
  static final String TYPE = "text/event-stream";

  private ServerSentEvents() {}

  /** Returns an event of JSON; {@code id} is the sequence, null for what has none. */
  static String event(@Nullable Long id, String json) {
    // A line break in JSON stands between tokens alone, and would end the event's line.
    String line = json.indexOf('\n') < 0 && json.indexOf('\r') < 0
        ? json
        : json.replace('\n', ' ').replace('\r', ' ');
    return id == null ? "data: " + line + "\n\n" : "id: " + id + "\ndata: " + line + "\n\n";
  }

  static String comment(String text) {
    return ": " + text + "\n\n";
  }

  /** Adds a member to a JSON object that is written without blanks at its end. */
  static String with(String object, String member) {
    int end = object.lastIndexOf('}');
    return end < 0 ? object : object.substring(0, end) + "," + member + "}";
  }
}
