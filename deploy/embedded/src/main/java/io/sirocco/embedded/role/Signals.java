package io.sirocco.embedded.role;

import java.util.function.Consumer;

/**
 * The signals that this process gets.
 *
 * <p>Implementations are thread-safe.
 */
@FunctionalInterface
public interface Signals {
  /** Hands every stop signal to {@code handler}, each on a thread of its own, instead of ending. */
  void onStop(Consumer<StopSignal> handler);
}
