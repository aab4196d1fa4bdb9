package io.sirocco.embedded.chaos;

import io.sirocco.broker.EmbeddedKafka;

/**
 * One broker, in this process, that nothing happens to.
 *
 * <p>Immutable.
 */
record OneBroker(EmbeddedKafka kafka) implements ChaosBrokers {
  @Override
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  @Override
  public String proxiedServers() {
    return kafka.bootstrapServers();
  }

  @Override
  public void close() {
    kafka.close();
  }
}
