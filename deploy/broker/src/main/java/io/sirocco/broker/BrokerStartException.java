package io.sirocco.broker;

import org.jspecify.annotations.Nullable;

/**
 * Says in one line why a broker could not be started.
 *
 * <p>Immutable.
 */
public final class BrokerStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokerStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
