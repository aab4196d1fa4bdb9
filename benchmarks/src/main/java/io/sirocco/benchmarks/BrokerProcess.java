package io.sirocco.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * A broker in a process of its own, so that what it costs can be told from what the rest does.
 *
 * <p>Confined to the thread that starts it.
 */
final class BrokerProcess implements AutoCloseable {
  private final Process process;
  private final String bootstrapServers;

  private BrokerProcess(Process process, String bootstrapServers) {
    this.process = process;
    this.bootstrapServers = bootstrapServers;
  }

  /** Is a broker until its standard input ends. */
  public static void main(String[] args) throws IOException {
    try (EmbeddedKafka broker = EmbeddedKafka.start(EmbeddedKafkaSettings.defaults())) {
      System.out.println(broker.bootstrapServers());
      while (System.in.read() >= 0) {
        // Whoever started it is there.
      }
    }
  }

  /** Starts one. */
  static BrokerProcess start() throws IOException {
    Process process = new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:+UseSerialGC",
            "-Xmx1g",
            "-cp",
            ManagementFactory.getRuntimeMXBean().getClassPath(),
            BrokerProcess.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    String servers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
    if (servers == null) {
      throw new IOException("expected a broker to start, found that its process ended");
    }
    return new BrokerProcess(process, servers);
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  /** How long it has kept a processor busy. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }
}
