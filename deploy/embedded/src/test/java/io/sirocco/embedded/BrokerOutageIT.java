package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose broker is not there: at the start, and in the middle. */
@EnabledOnOs(OS.LINUX)
class BrokerOutageIT {
  @Test
  void unreachableBrokerIsOneLineThatNamesIt() throws Exception {
    String nobody = "127.0.0.1:" + freePort();
    try (WorkerProcess worker =
        WorkerProcess.start("--bootstrap-server", nobody, "--set", "start-timeout=2s")) {
      assertThat(worker.exitCode()).isEqualTo(1);
      assertThat(worker.log())
          .endsWith(
              "sirocco: expected a broker at " + nobody + " to answer within 2 s, found none");
      assertThat(worker.lines("WARN")).isZero();
    }
  }

  @Test
  void sigtermWhileWaitingForABrokerEndsAtOnce() throws Exception {
    try (WorkerProcess worker = WorkerProcess.start(
        "--bootstrap-server", "127.0.0.1:" + freePort(), "--set", "start-timeout=10m")) {
      worker.awaitLine("connecting to");
      worker.signal("TERM");

      assertThat(worker.exitCode()).as("%s", worker.log()).isZero();
      assertThat(worker.log()).anyMatch(line -> line.contains("stopped before it was ready"));
    }
  }

  @Test
  void outageIsSurvivedAndLoggedOnce(@TempDir Path folder) throws Exception {
    EmbeddedKafkaSettings settings =
        EmbeddedKafkaSettings.defaults().withDataFolder(folder).withPort(freePort());
    EmbeddedKafka before = EmbeddedKafka.start(settings);
    try (WorkerProcess worker =
        WorkerProcess.start("--bootstrap-server", before.bootstrapServers())) {
      worker.awaitLine("ready model=demo");
      before.close();
      worker.awaitLine("no broker at " + before.bootstrapServers() + " answers");
      try (EmbeddedKafka after = EmbeddedKafka.start(settings)) {
        worker.awaitLine("a broker answers again");
        assertThat(answer(after)).isNotEmpty();
        worker.signal("TERM");
        assertThat(worker.exitCode()).as("%s", worker.log()).isZero();
      }
      assertThat(worker.log())
          .filteredOn(line -> line.contains("WARN"))
          .filteredOn(line -> !line.contains("lost partitions")) // As after a long pause.
          .as("%s", worker.log())
          .hasSize(1);
      assertThat(worker.lines("ERROR")).isZero();
    } finally {
      before.close();
    }
  }

  private static String answer(EmbeddedKafka broker) {
    try (SiroccoClient client = SiroccoClient.connect(
        ClientSettings.builder(broker.bootstrapServers()).model("demo").build())) {
      return client
          .submit(ChatRequest.builder()
              .message(ChatMessage.user("What is a mistral?"))
              .build())
          .await(Duration.ofMinutes(1))
          .text();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
