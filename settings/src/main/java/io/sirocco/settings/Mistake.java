package io.sirocco.settings;

/**
 * Something wrong about a setting.
 *
 * <p>Immutable.
 *
 * @param name the setting, as it was named
 * @param origin where it was set
 * @param problem what was expected, and what was found; never a secret
 */
public record Mistake(String name, String origin, String problem) {

  /** The mistake in one line. */
  public String line() {
    return "%s (%s): %s".formatted(name, origin, problem);
  }
}
