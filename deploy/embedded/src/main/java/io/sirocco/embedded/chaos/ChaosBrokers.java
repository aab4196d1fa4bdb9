package io.sirocco.embedded.chaos;

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

  @Override
  void close();
}
