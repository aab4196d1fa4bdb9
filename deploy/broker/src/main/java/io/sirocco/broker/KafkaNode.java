package io.sirocco.broker;

import java.util.List;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka node, broker and KRaft controller in one, of a cluster on this machine, that has its process
 * to itself: a fatal fault ends the process, as with Kafka's own start script.
 *
 * <p>Immutable.
 */
public final class KafkaNode {
  private KafkaNode() {}

  /**
   * Runs a node until its process is ended.
   *
   * @throws BrokerStartException if the node cannot be started
   */
  public static void run(KafkaNodeSettings settings) {
    KafkaRaftServer server;
    try {
      DataFolder.open(settings.folder(), EmbeddedKafka.LEAST_FREE_BYTES)
          .format(settings.id(), settings.clusterId(), KafkaNodeSettings.CONTROLLER, List.of());
      // false: the configuration is not logged.
      server =
          new KafkaRaftServer(KafkaConfig.fromProps(settings.properties(), false), Time.SYSTEM);
      server.startup();
    } catch (Exception e) {
      throw new BrokerStartException("cannot start node " + settings.id() + ": " + e, e);
    }
    server.awaitShutdown();
  }
}
