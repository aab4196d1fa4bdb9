package io.sirocco.worker.prompt;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the texts of control tokens, and hides those that stand in messages.
 *
 * <p>A hidden one is its number between two marks; a mark is a character that occurs in no message.
 * So whatever a template does with a message, what it makes itself can be told from what was said.
 *
 * <p>Immutable and thread-safe.
 */
final class ControlTokenText {
  private final List<String> tokens;
  private final Pattern anyToken;

  /** Knows the control tokens of these texts; empty ones are ignored. */
  ControlTokenText(Collection<String> tokens) {
    this.tokens = tokens.stream()
        .filter(token -> !token.isEmpty())
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
    String alternatives = this.tokens.stream().map(Pattern::quote).collect(Collectors.joining("|"));
    anyToken = Pattern.compile(alternatives.isEmpty() ? "(?!)" : alternatives);
  }

  /** Finds control tokens; of several at one place, the longest. */
  Matcher matcher(String text) {
    return anyToken.matcher(text);
  }

  /** Hides all control tokens of a text. */
  String hide(String text, String mark) {
    return anyToken
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(mark + tokens.indexOf(found.group()) + mark));
  }

  /** Brings back what {@link #hide} hid. */
  String reveal(String text, String mark) {
    return Pattern.compile(mark + "(\\d+)" + mark)
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(tokens.get(Integer.parseInt(found.group(1)))));
  }
}
