package io.sirocco.worker.prompt;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the texts of control tokens, and hides those that stand in messages.
 *
 * <p>A hidden one is its number between two marks; a mark is a character that occurs in no message.
 * So whatever a template does with a message, what it makes itself can be told from what was said.
 *
 * <p>The texts are a tree of their characters: a search looks at each place of a text once, and no
 * further than the longest control token, however many of them begin alike.
 *
 * <p>Immutable and thread-safe.
 */
final class ControlTokenText {
  private final List<String> tokens;
  private final Node root = new Node();

  /** Knows the control tokens of these texts; empty ones are ignored. */
  ControlTokenText(Collection<String> tokens) {
    this.tokens = tokens.stream().filter(token -> !token.isEmpty()).toList();
    for (int number = 0; number < this.tokens.size(); number++) {
      root.add(this.tokens.get(number), number);
    }
  }

  /**
   * A control token in a text.
   *
   * @param begin index of its first character
   * @param number its number among the control tokens
   * @param token its text
   */
  record Found(int begin, int number, String token) {
    /** Index after its last character. */
    int end() {
      return begin + token.length();
    }
  }

  /** Returns the first control token at {@code from} or after it, or null; of several, the longest. */
  @Nullable
  Found find(String text, int from) {
    for (int begin = from; begin < text.length(); begin++) {
      Integer number = root.longestAt(text, begin);
      if (number != null) {
        return new Found(begin, number, tokens.get(number));
      }
    }
    return null;
  }

  /** Hides all control tokens of a text. */
  String hide(String text, String mark) {
    StringBuilder hidden = new StringBuilder(text.length());
    int begin = 0;
    for (Found found = find(text, 0); found != null; found = find(text, begin)) {
      hidden.append(text, begin, found.begin());
      hidden.append(mark).append(found.number()).append(mark);
      begin = found.end();
    }
    return hidden.append(text, begin, text.length()).toString();
  }

  /** Brings back what {@link #hide} hid. */
  String reveal(String text, String mark) {
    return Pattern.compile(mark + "(\\d+)" + mark)
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(tokens.get(Integer.parseInt(found.group(1)))));
  }

  /** A place in the tree; changed only while the tree is made. */
  private static final class Node {
    private final Map<Character, Node> next = new HashMap<>();

    /** Of the token that ends here. */
    private @Nullable Integer number;

    void add(String token, int number) {
      Node node = this;
      for (int i = 0; i < token.length(); i++) {
        node = node.next.computeIfAbsent(token.charAt(i), character -> new Node());
      }
      node.number = number;
    }

    /** The number of the longest token that {@code text} holds at {@code begin}, or null. */
    @Nullable
    Integer longestAt(String text, int begin) {
      Integer longest = null;
      Node node = next.get(text.charAt(begin));
      for (int i = begin + 1; node != null; i++) {
        longest = node.number == null ? longest : node.number;
        node = i < text.length() ? node.next.get(text.charAt(i)) : null;
      }
      return longest;
    }
  }
}
