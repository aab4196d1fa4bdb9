package io.sirocco.settings;

import java.util.Optional;
import java.util.Set;

/**
 * Says which properties of somebody else are right.
 *
 * <p>Implementations are immutable.
 */
public interface PropertyRule {
  /** The names that are known, for a suggestion when a name is not. */
  Set<String> knownNames();

  /** Whether {@code name} may be set. */
  boolean allows(String name);

  /** Whether the value of {@code name} is never shown. */
  boolean isSecret(String name);

  /** What is wrong about {@code value}; empty if nothing is. Never shows a secret. */
  Optional<String> fault(String name, String value);
}
