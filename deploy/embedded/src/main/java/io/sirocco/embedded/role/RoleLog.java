package io.sirocco.embedded.role;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.net.URL;
import org.slf4j.LoggerFactory;

/**
 * How a role logs: what happens to it, with the time, on standard error.
 *
 * <p>Immutable.
 */
public final class RoleLog {
  private RoleLog() {}

  /** Logs like a role from now on; a command that answers a person logs less. */
  public static void start(LogFormat format) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    URL configuration = RoleLog.class.getResource(format.configuration());
    if (configuration == null) {
      throw new IllegalStateException(
          "expected the resource " + format.configuration() + ", found none");
    }
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    context.reset();
    try {
      configurator.doConfigure(configuration);
    } catch (JoranException e) {
      throw new IllegalStateException("expected a configuration of Logback", e);
    }
  }
}
