package io.sirocco.embedded.role;

import java.util.function.Consumer;

/**
 * A part of Sirocco that runs until it is told to stop.
 *
 * <p>Confined to the main thread.
 */
public interface Role {
  /** How messages call it: {@code worker}. */
  String name();

  /**
   * Starts, and returns when ready. An interrupt means that nobody wants it any more; nothing is
   * left running then, nor after a fault.
   *
   * @param onFatal is told, on any thread, what the role died of; it is closed then
   */
  RunningRole start(Consumer<Throwable> onFatal) throws Exception;
}
