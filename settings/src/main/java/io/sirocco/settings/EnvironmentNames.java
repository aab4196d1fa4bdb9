package io.sirocco.settings;

import java.util.Locale;

/**
 * How settings are called in the environment: {@code worker.inbox-capacity} is {@code
 * SIROCCO_WORKER_INBOX_CAPACITY}.
 *
 * <p>Immutable.
 */
public final class EnvironmentNames {
  /** What the names of all variables begin with. */
  public static final String PREFIX = "SIROCCO_";

  private EnvironmentNames() {}

  /** Returns the variable of the setting {@code name}. */
  public static String variable(String name) {
    return PREFIX + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  /** Returns the property that {@code variable} means, where names have dots only, as Kafka's do. */
  static String property(String variable) {
    return variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
  }
}
