package io.sirocco.embedded;

import io.sirocco.broker.KafkaNode;
import io.sirocco.broker.KafkaNodeSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code sirocco chaos-broker}: one of the brokers that {@code sirocco chaos} starts.
 *
 * <p>Confined to the main thread.
 */
@Command(name = "chaos-broker", hidden = true, description = "Run a broker of sirocco chaos.")
final class ChaosBrokerCommand implements Callable<Integer> {
  @Option(names = "--id", required = true)
  private int id;

  @Option(names = "--folder", required = true)
  private @Nullable Path folder;

  @Option(names = "--cluster-id", required = true)
  private @Nullable String clusterId;

  @Option(names = "--controller-ports", required = true, split = ",")
  private Map<Integer, Integer> controllerPorts = Map.of();

  @Option(names = "--port", required = true)
  private int port;

  @Option(names = "--proxied-port", required = true)
  private int proxiedPort;

  @Option(names = "--proxy-port", required = true)
  private int proxyPort;

  @Override
  public Integer call() {
    if (folder == null || clusterId == null) {
      throw new IllegalStateException("expected picocli to fill the options in");
    }
    KafkaNode.run(new KafkaNodeSettings(
        id, folder, clusterId, controllerPorts, port, proxiedPort, proxyPort));
    return 0;
  }
}
