package io.sirocco.worker.reply;

import java.util.List;

/**
 * Ends a text at the first of several stop texts, and holds back no more of it than it must.
 *
 * <p>Text is fed in pieces of any length and comes out as soon as it cannot be the beginning of a stop
 * text any more. How the text was cut into pieces makes no difference: the stop text that is complete
 * first ends it, and of several that are complete at the same place the longest.
 *
 * <p>Confined to the engine thread.
 */
final class StopMatcher {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean matched;

  StopMatcher(List<String> stops) {
    this.stops = List.copyOf(stops);
  }

  /** Whether a stop text was met; nothing comes out after it. */
  boolean matched() {
    return matched;
  }

  /** Takes the next piece in, and returns what may be shown now. */
  String append(String piece) {
    if (matched) {
      return "";
    }
    int searched = held.length();
    held.append(piece);
    for (int end = searched + 1; end <= held.length(); end++) {
      int start = longestStopEndingAt(end);
      if (start >= 0) {
        matched = true;
        return held.substring(0, start);
      }
    }
    return release(held.length() - beginningHeld());
  }

  /** Returns what is still held back when the text ends. */
  String flush() {
    return matched ? "" : release(held.length());
  }

  private String release(int count) {
    String text = held.substring(0, count);
    held.delete(0, count);
    return text;
  }

  private int longestStopEndingAt(int end) {
    int start = -1;
    for (String stop : stops) {
      int candidate = end - stop.length();
      if (candidate >= 0 && held.indexOf(stop, candidate) == candidate) {
        start = start < 0 ? candidate : Math.min(start, candidate);
      }
    }
    return start;
  }

  /** The length of the longest beginning of a stop text with which the held text ends. */
  private int beginningHeld() {
    int longest = 0;
    for (String stop : stops) {
      int most = Math.min(stop.length() - 1, held.length());
      for (int length = most; length > longest; length--) {
        if (stop.startsWith(held.substring(held.length() - length))) {
          longest = length;
        }
      }
    }
    return longest;
  }
}
