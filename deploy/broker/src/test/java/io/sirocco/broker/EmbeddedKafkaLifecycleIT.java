package io.sirocco.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the embedded broker starts and what it leaves. */
class EmbeddedKafkaLifecycleIT {
  private static final EmbeddedKafkaSettings DEFAULTS = EmbeddedKafkaSettings.defaults();

  @TempDir
  Path folder;

  @Test
  void restartOnTheSameFolderAndPortKeepsRecords() throws Exception {
    EmbeddedKafkaSettings settings = DEFAULTS.withDataFolder(folder.resolve("kafka"));
    int port;
    try (EmbeddedKafka first = EmbeddedKafka.start(settings)) {
      Clients clients = new Clients(first.bootstrapServers());
      clients.createTopic("kept", 1);
      clients.send("kept", "before");
      port = port(first);
    }
    try (EmbeddedKafka second = EmbeddedKafka.start(settings.withPort(port))) {
      assertThat(port(second)).isEqualTo(port);
      Clients clients = new Clients(second.bootstrapServers());
      clients.send("kept", "after");
      assertThat(clients.read("kept", 2, "read_uncommitted")).containsExactly("before", "after");
    }
  }

  @Test
  void busyPortIsNamedAndNothingIsLeft() throws Exception {
    Set<Path> before = temporaryFolders();
    try (ServerSocket other =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      assertThatThrownBy(() -> EmbeddedKafka.start(DEFAULTS.withPort(other.getLocalPort())))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining("port " + other.getLocalPort())
          .hasMessageNotContaining("\n");
    }
    assertThat(temporaryFolders()).isEqualTo(before);
  }

  @Test
  void folderOfARunningBrokerIsRefusedAndTheRunningOneGoesOn() throws Exception {
    EmbeddedKafkaSettings settings = DEFAULTS.withDataFolder(folder);
    try (EmbeddedKafka first = EmbeddedKafka.start(settings)) {
      assertThatThrownBy(() -> EmbeddedKafka.start(settings))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("lock")
          .hasMessageNotContaining("\n");
      Clients clients = new Clients(first.bootstrapServers());
      clients.createTopic("still-here", 1);
      clients.send("still-here", "value");
    }
  }

  @Test
  void propertyThatKafkaRefusesIsNamed() {
    assertThatThrownBy(() -> EmbeddedKafka.start(DEFAULTS.withProperty("num.io.threads", "none")))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("num.io.threads");
  }

  @Test
  void closeLeavesNoTemporaryFolderAndNoThreadThatHoldsTheProcess() throws Exception {
    Set<Path> foldersBefore = temporaryFolders();
    Set<Thread> threadsBefore = nonDaemonThreads();
    EmbeddedKafka kafka = EmbeddedKafka.start(DEFAULTS);
    assertThat(temporaryFolders()).hasSize(foldersBefore.size() + 1);
    Clients clients = new Clients(kafka.bootstrapServers());
    clients.createTopic("topic", 1);
    clients.send("topic", "value");

    kafka.close();
    kafka.close();

    assertThat(temporaryFolders()).isEqualTo(foldersBefore);
    Awaitility.await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(threadsBefore).containsAll(nonDaemonThreads()));
  }

  private static int port(EmbeddedKafka kafka) {
    String address = kafka.bootstrapServers();
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  private static Set<Path> temporaryFolders() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return entries
          .filter(entry -> entry.getFileName().toString().startsWith("sirocco-broker-"))
          .collect(Collectors.toSet());
    }
  }

  private static Set<Thread> nonDaemonThreads() {
    List<Thread> all = List.copyOf(Thread.getAllStackTraces().keySet());
    return all.stream().filter(thread -> !thread.isDaemon()).collect(Collectors.toSet());
  }
}
