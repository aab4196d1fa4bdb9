package io.sirocco.worker.reply;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * Ends a text at the first of several stop texts, and holds back no more of it than it must.
 *
 * <p>Text is fed in pieces of whole characters and comes out as soon as it cannot be the beginning of
 * a stop text any more; at once, when stop texts are a part of what is shown. How the text was cut into
 * pieces makes no difference: the stop text that is complete first ends it, and of several that are
 * complete at the same place the longest.
 *
 * <p>Confined to the engine thread.
 */
final class StopMatcher {
  private final List<String> stops;
  private final boolean included;
  private final StringBuilder tail = new StringBuilder();
  private int shown;
  private boolean matched;

  /**
   * @param included whether the stop text that ends the text is shown
   */
  StopMatcher(List<String> stops, boolean included) {
    // Half a character occurs in no text, but would be found within the whole one.
    this.stops =
        stops.stream().filter(stop -> UTF_8.newEncoder().canEncode(stop)).toList();
    this.included = included;
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
    int searched = tail.length();
    tail.append(piece);
    for (int end = searched + 1; end <= tail.length(); end++) {
      int start = longestStopEndingAt(end);
      if (start >= 0) {
        matched = true;
        return tail.substring(shown, included ? end : start);
      }
    }
    int beginning = tail.length() - beginningHeld();
    String text = showUpTo(included ? tail.length() : beginning);
    tail.delete(0, beginning);
    shown -= beginning;
    return text;
  }

  /** Returns what is still held back when the text ends. */
  String flush() {
    return matched ? "" : showUpTo(tail.length());
  }

  private String showUpTo(int end) {
    String text = tail.substring(shown, end);
    shown = end;
    return text;
  }

  private int longestStopEndingAt(int end) {
    int start = -1;
    for (String stop : stops) {
      int candidate = end - stop.length();
      if (candidate >= 0 && tail.indexOf(stop, candidate) == candidate) {
        start = start < 0 ? candidate : Math.min(start, candidate);
      }
    }
    return start;
  }

  /** The length of the longest beginning of a stop text with which the tail ends. */
  private int beginningHeld() {
    int longest = 0;
    for (String stop : stops) {
      int most = Math.min(stop.length() - 1, tail.length());
      for (int length = most; length > longest; length--) {
        if (stop.startsWith(tail.substring(tail.length() - length))) {
          longest = length;
        }
      }
    }
    return longest;
  }
}
