package io.sirocco.settings;

import java.util.List;

/**
 * Holds several settings against each other.
 *
 * <p>Implementations are immutable.
 */
@FunctionalInterface
public interface SettingsCheck {
  /**
   * Returns the mistakes in {@code settings}, in which a setting with a wrong value is missing; see
   * {@link Settings#mistake}.
   */
  List<Mistake> check(Settings settings);
}
