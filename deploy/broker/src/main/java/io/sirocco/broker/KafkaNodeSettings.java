package io.sirocco.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a {@link KafkaNode} is started with.
 *
 * <p>Ports are on 127.0.0.1, and are the caller's choice, as every node must know those of all
 * controllers before the first one runs.
 *
 * <p>Immutable.
 *
 * @param id which node of the cluster it is
 * @param folder where it keeps its records; it goes on from what it finds there
 * @param clusterId the same for all nodes
 * @param controllerPorts the port of each node's controller, by the node's id
 * @param port where clients and other brokers connect to
 * @param proxiedPort where a proxy connects to
 * @param proxyPort where that proxy listens: clients that come through it are told to come there
 *     again
 */
public record KafkaNodeSettings(
    int id,
    Path folder,
    String clusterId,
    Map<Integer, Integer> controllerPorts,
    int port,
    int proxiedPort,
    int proxyPort) {
  static final String CONTROLLER = "CONTROLLER";
  private static final String BROKER = "BROKER";
  private static final String PROXIED = "PROXIED";
  private static final String LOOPBACK = "127.0.0.1:";

  public KafkaNodeSettings {
    controllerPorts = Map.copyOf(new TreeMap<>(controllerPorts));
    if (!controllerPorts.containsKey(id)) {
      throw new IllegalArgumentException(
          "expected the port of node %d's controller, found those of %s"
              .formatted(id, controllerPorts.keySet()));
    }
  }

  /** The node's properties. */
  Properties properties() {
    Map<String, String> all = new HashMap<>(SingleNodeProperties.all());
    all.putAll(copies(controllerPorts.size()));
    all.put("process.roles", "broker,controller");
    all.put("node.id", Integer.toString(id));
    all.put("log.dirs", folder.toString());
    all.put(
        "listeners",
        "%s://%s%d,%s://%s%d,%s://%s%d"
            .formatted(
                BROKER,
                LOOPBACK,
                port,
                PROXIED,
                LOOPBACK,
                proxiedPort,
                CONTROLLER,
                LOOPBACK,
                controllerPorts.get(id)));
    all.put(
        "advertised.listeners",
        "%s://%s%d,%s://%s%d".formatted(BROKER, LOOPBACK, port, PROXIED, LOOPBACK, proxyPort));
    all.put(
        "listener.security.protocol.map",
        BROKER + ":PLAINTEXT," + PROXIED + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
    all.put("inter.broker.listener.name", BROKER);
    all.put("controller.listener.names", CONTROLLER);
    all.put(
        "controller.quorum.voters",
        controllerPorts.entrySet().stream()
            .map(node -> node.getKey() + "@" + LOOPBACK + node.getValue())
            .collect(Collectors.joining(",")));
    Properties properties = new Properties();
    properties.putAll(all);
    return properties;
  }

  /** One node may die: of {@code nodes} copies all but one must be written. */
  private static Map<String, String> copies(int nodes) {
    String replicas = Integer.toString(nodes);
    String inSync = Integer.toString(Math.max(1, nodes - 1));
    return Map.ofEntries(
        Map.entry("default.replication.factor", replicas),
        Map.entry("min.insync.replicas", inSync),
        Map.entry("offsets.topic.replication.factor", replicas),
        Map.entry("transaction.state.log.replication.factor", replicas),
        Map.entry("transaction.state.log.min.isr", inSync),
        Map.entry("share.coordinator.state.topic.replication.factor", replicas),
        Map.entry("share.coordinator.state.topic.min.isr", inSync),
        // A dead node is noticed after 3 s instead of 9 s, a dead leader of the controllers sooner.
        Map.entry("broker.session.timeout.ms", "3000"),
        Map.entry("controller.quorum.election.timeout.ms", "500"),
        Map.entry("controller.quorum.fetch.timeout.ms", "1000"));
  }
}
