package io.sirocco.settings;

/**
 * What holds when nobody sets a setting.
 *
 * <p>Immutable.
 */
public sealed interface Presence {
  /** The setting must be set. */
  record Required() implements Presence {}

  /**
   * The setting has a value all the same.
   *
   * @param text the value, in the form in which it could be set
   */
  record Defaulted(String text) implements Presence {}

  /**
   * The setting has no value.
   *
   * @param meaning what happens then, as it is said in the documentation
   */
  record Open(String meaning) implements Presence {}
}
