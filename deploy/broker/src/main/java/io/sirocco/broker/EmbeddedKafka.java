package io.sirocco.broker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka node, broker and KRaft controller in one, that runs in this process.
 *
 * <p>It listens on 127.0.0.1 only, and is ready for clients when {@link #start} returns. {@link
 * #close} ends its threads and gives its ports back; records in a folder of the caller's choice are
 * there again at the next start. A fault inside it never ends the process.
 *
 * <p>Everything here that is internal to Kafka is internal to this package, so that a new version
 * of Kafka is met in one place.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final int NODE_ID = 1;

  /** An empty node with its internal topics takes about a tenth of it. */
  static final long LEAST_FREE_BYTES = 64L << 20;

  private static final String BROKER = "BROKER";
  private static final String CONTROLLER = "CONTROLLER";

  /** Far above what an orderly end takes; a broken controller would keep the broker for minutes. */
  private static final Duration SHUTDOWN = Duration.ofSeconds(10);

  private final DataFolder folder;
  private final FolderLock lock;
  private final LoopbackSockets sockets;
  private @Nullable ControllerServer controller;
  private @Nullable BrokerServer broker;

  private EmbeddedKafka(DataFolder folder, FolderLock lock, LoopbackSockets sockets) {
    this.folder = folder;
    this.lock = lock;
    this.sockets = sockets;
  }

  /**
   * Starts a node and returns when clients can use it.
   *
   * @throws BrokerStartException if the port is busy, or the folder cannot be used, or Kafka does
   *     not accept a property; nothing is left behind
   */
  public static EmbeddedKafka start(EmbeddedKafkaSettings settings) {
    LoopbackSockets sockets = LoopbackSockets.bind(settings.port());
    EmbeddedKafka kafka;
    try {
      DataFolder folder = DataFolder.open(settings.dataFolder(), LEAST_FREE_BYTES);
      kafka = new EmbeddedKafka(folder, FolderLock.take(folder.path()), sockets);
    } catch (BrokerStartException e) {
      sockets.close();
      throw e;
    }
    try {
      kafka.startServers(settings);
      return kafka;
    } catch (Exception | LinkageError e) {
      // Kafka's classes refuse to be initialised while the process is ending.
      kafka.close();
      throw new BrokerStartException(
          "cannot start a broker in " + kafka.folder.path() + ": " + e, e);
    }
  }

  private void startServers(EmbeddedKafkaSettings settings) throws Exception {
    BrokerSecurity security = settings.security();
    SurvivableFaults.forbidExit();
    folder.format(
        NODE_ID,
        Uuid.randomUuid().toString(),
        CONTROLLER,
        security == null ? List.of() : security.scramUsers());
    // false: the configuration is not logged.
    KafkaConfig config = KafkaConfig.fromProps(configuration(settings), false);
    var prepared = KafkaRaftServer.initializeLogDirs(config, LOG, "");
    SharedServer shared = new SharedServer(
        config,
        prepared._1(),
        Time.SYSTEM,
        new Metrics(),
        CompletableFuture.completedFuture(Map.of(NODE_ID, sockets.controllerSocketAddress())),
        List.of(),
        new SurvivableFaults(),
        sockets);
    controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), prepared._2());
    broker = new BrokerServer(shared);
    controller.startup();
    broker.startup();
  }

  private Properties configuration(EmbeddedKafkaSettings settings) {
    BrokerSecurity security = settings.security();
    Properties all = new Properties();
    all.putAll(SingleNodeProperties.all());
    if (security != null) {
      all.putAll(security.brokerProperties(BROKER));
    }
    all.putAll(settings.properties());
    all.put("process.roles", "broker,controller");
    all.put("node.id", Integer.toString(NODE_ID));
    all.put("log.dirs", folder.path().toString());
    all.put(
        "listeners",
        BROKER + "://" + sockets.brokerAddress() + "," + CONTROLLER + "://"
            + sockets.controllerAddress());
    all.put(
        "listener.security.protocol.map",
        BROKER + (security == null ? ":PLAINTEXT," : ":SASL_SSL,") + CONTROLLER + ":PLAINTEXT");
    all.put("inter.broker.listener.name", BROKER);
    all.put("controller.listener.names", CONTROLLER);
    all.put("controller.quorum.voters", NODE_ID + "@" + sockets.controllerAddress());
    return all;
  }

  /** Where clients connect to, as {@code host:port}. */
  public String bootstrapServers() {
    return sockets.brokerAddress();
  }

  /** Stops the node; a second call does nothing. */
  @Override
  public synchronized void close() {
    BrokerServer runningBroker = broker;
    ControllerServer runningController = controller;
    broker = null;
    controller = null;
    // The broker first: it tells the controller that it leaves.
    if (runningBroker != null) {
      quietly("broker", () -> runningBroker.shutdown(SHUTDOWN));
    }
    if (runningController != null) {
      quietly("controller", runningController::shutdown);
    }
    sockets.close();
    lock.close();
    folder.close();
  }

  private static void quietly(String part, Runnable shutdown) {
    try {
      shutdown.run();
    } catch (RuntimeException e) {
      LOG.warn("the embedded {} did not end in good order: {}", part, e.toString());
    }
  }
}
