package io.sirocco.embedded.role;

/**
 * The form of a line of a log.
 *
 * <p>Immutable.
 */
public enum LogFormat {
  /** For people. */
  PLAIN("logback-role.xml"),
  /** One JSON object a line, for programs. */
  JSON("logback-role-json.xml");

  private final String configuration;

  LogFormat(String configuration) {
    this.configuration = configuration;
  }

  String configuration() {
    return configuration;
  }
}
