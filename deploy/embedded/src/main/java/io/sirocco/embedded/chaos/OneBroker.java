package io.sirocco.embedded.chaos;

import io.sirocco.broker.EmbeddedKafka;
import java.util.List;

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
  public List<Integer> dead() {
    return List.of(); // This process would be dead as well.
  }

  @Override
  public void close() {
    kafka.close();
  }
}
