package io.sirocco.embedded.chaos;

import java.util.List;

/**
 * The brokers of a run.
 *
 * <p>Implementations are confined to the main thread.
 */
interface ChaosBrokers extends AutoCloseable {
  /** Where clients connect to. */
  String bootstrapServers();

  /** Where clients connect to that can be cut off. */
  String proxiedServers();

  /** The ids of those that are not running. */
  List<Integer> dead();

  @Override
  void close();
}
