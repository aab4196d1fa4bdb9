package io.sirocco.embedded.chaos;

import java.io.IOException;
import java.time.Duration;

/**
 * Makes things go wrong.
 *
 * <p>Implementations are confined to the main thread.
 */
interface Fault {
  /** Does what is due {@code now}, a time that begins at 0. */
  void step(Duration now) throws IOException, InterruptedException;

  /** Undoes what lasts; nothing goes wrong from now on. */
  void end() throws IOException, InterruptedException;
}
