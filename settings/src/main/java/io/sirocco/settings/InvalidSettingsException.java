package io.sirocco.settings;

import java.util.Comparator;
import java.util.List;

/**
 * Settings that nothing can be started with: all mistakes at once.
 *
 * <p>Immutable.
 */
public final class InvalidSettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  // Kept for programs that look; whoever serializes a fault keeps its message.
  private final transient List<Mistake> mistakes;

  public InvalidSettingsException(List<Mistake> mistakes) {
    super(String.join("\n", lines(mistakes)));
    this.mistakes = List.copyOf(mistakes);
  }

  /** The mistakes, one a line, in order of names. */
  public List<String> lines() {
    return lines(mistakes);
  }

  private static List<String> lines(List<Mistake> mistakes) {
    return mistakes.stream()
        .sorted(Comparator.comparing(Mistake::name))
        .map(Mistake::line)
        .toList();
  }
}
