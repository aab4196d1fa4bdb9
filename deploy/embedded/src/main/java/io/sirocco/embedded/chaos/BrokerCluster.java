package io.sirocco.embedded.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;

/**
 * Several brokers, each in a process of its own, and a proxy in front of each.
 *
 * <p>Confined to the main thread.
 */
final class BrokerCluster implements ChaosBrokers {
  private static final Duration START = Duration.ofMinutes(2);

  private record Node(int id, int port, int controllerPort, int proxiedPort, TcpProxy proxy) {}

  private final ChildCommand command;
  private final Path folder;
  private final String clusterId;
  private final Map<Integer, Node> nodes = new TreeMap<>();
  private final Map<Integer, ChildProcess> processes = new TreeMap<>();

  private BrokerCluster(ChildCommand command, Path folder, String clusterId) {
    this.command = command;
    this.folder = folder;
    this.clusterId = clusterId;
  }

  /** Starts {@code brokers} brokers, with ids from 1, and returns when all are there. */
  static BrokerCluster start(ChildCommand command, Path folder, int brokers)
      throws IOException, InterruptedException {
    BrokerCluster cluster = new BrokerCluster(command, folder, Uuid.randomUuid().toString());
    try {
      List<Integer> ports = freePorts(3 * brokers);
      for (int id = 1; id <= brokers; id++) {
        int first = 3 * (id - 1);
        cluster.nodes.put(
            id,
            new Node(
                id,
                ports.get(first),
                ports.get(first + 1),
                ports.get(first + 2),
                TcpProxy.to(ports.get(first + 2))));
      }
      for (int id = 1; id <= brokers; id++) {
        cluster.start(id);
      }
      cluster.awaitAll();
      return cluster;
    } catch (IOException | RuntimeException | InterruptedException e) {
      cluster.close();
      throw e;
    }
  }

  /** Free a moment ago, which is the best that can be said before other processes bind them. */
  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Starts that broker, for the first time or again. */
  void start(int id) throws IOException {
    Node node = node(id);
    String controllers = nodes.values().stream()
        .map(each -> each.id() + "=" + each.controllerPort())
        .collect(Collectors.joining(","));
    processes.put(
        id,
        command.start(
            folder.resolve("broker-" + id + ".log"),
            List.of(
                "chaos-broker",
                "--id=" + id,
                "--folder=" + folder.resolve("broker-" + id),
                "--cluster-id=" + clusterId,
                "--controller-ports=" + controllers,
                "--port=" + node.port(),
                "--proxied-port=" + node.proxiedPort(),
                "--proxy-port=" + node.proxy().port())));
  }

  private void awaitAll() throws InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      while (found(admin) < nodes.size()) {
        if (System.nanoTime() - deadline > 0) {
          throw new KafkaException(
              "expected %d brokers within %d s".formatted(nodes.size(), START.toSeconds()));
        }
        Thread.sleep(100); // Nobody tells when a broker has joined.
      }
    }
  }

  private static int found(Admin admin) throws InterruptedException {
    try {
      return admin.describeCluster().nodes().get().size();
    } catch (ExecutionException e) {
      return 0; // Not yet.
    }
  }

  /** Ends that broker as a power failure would. */
  void kill(int id) {
    ChildProcess process = processes.get(id);
    if (process != null) {
      process.close();
    }
  }

  @Override
  public List<Integer> dead() {
    return processes.entrySet().stream()
        .filter(broker -> !broker.getValue().isAlive())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The proxy in front of that broker. */
  TcpProxy proxy(int id) {
    return node(id).proxy();
  }

  private Node node(int id) {
    Node node = nodes.get(id);
    if (node == null) {
      throw new IllegalArgumentException(
          "expected a broker of %s, found %d".formatted(nodes.keySet(), id));
    }
    return node;
  }

  /** How many there are. */
  int size() {
    return nodes.size();
  }

  @Override
  public String bootstrapServers() {
    return servers(Node::port);
  }

  @Override
  public String proxiedServers() {
    return servers(node -> node.proxy().port());
  }

  private String servers(ToIntFunction<Node> port) {
    return nodes.values().stream()
        .map(node -> "127.0.0.1:" + port.applyAsInt(node))
        .collect(Collectors.joining(","));
  }

  @Override
  public void close() {
    processes.values().forEach(ChildProcess::kill);
    processes.values().forEach(ChildProcess::close);
    nodes.values().forEach(node -> node.proxy().close());
  }
}
