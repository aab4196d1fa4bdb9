package io.sirocco.settings;

/**
 * Properties that are handed to somebody else as they are, without their prefix.
 *
 * <p>Immutable.
 *
 * @param prefix what their names begin with, with the dot at its end: {@code kafka.}
 * @param rule which of them are right
 * @param description one sentence
 */
public record PassThrough(String prefix, PropertyRule rule, String description) {

  /** Whether {@code name} is one of these. */
  public boolean covers(String name) {
    return name.startsWith(prefix) && name.length() > prefix.length();
  }

  /** The name by which its receiver knows the property. */
  public String stripped(String name) {
    return name.substring(prefix.length());
  }
}
