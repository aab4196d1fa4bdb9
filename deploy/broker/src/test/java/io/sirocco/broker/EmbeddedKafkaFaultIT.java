package io.sirocco.broker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** That a broker which fails does not take its process along. */
class EmbeddedKafkaFaultIT {
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger kafka = (Logger) LoggerFactory.getLogger("kafka");
  private final Logger clients = (Logger) LoggerFactory.getLogger("org.apache.kafka");
  private final Logger states = (Logger) LoggerFactory.getLogger("state.change.logger");

  @TempDir
  Path temporary;

  /** The faults are wanted here, and Kafka reports each with a page of stack traces. */
  @BeforeEach
  void quiet() {
    setLevels(Level.OFF);
  }

  @AfterEach
  void loud() {
    setLevels(Level.WARN);
  }

  private void setLevels(Level level) {
    root.setLevel(level);
    kafka.setLevel(level);
    clients.setLevel(level);
    states.setLevel(level);
  }

  /** Kafka halts its process when its last data folder fails. */
  @Test
  void lossOfTheDataFolderDoesNotEndTheProcess() throws Exception {
    Path folder = temporary.resolve("lost");
    EmbeddedKafkaSettings settings = EmbeddedKafkaSettings.defaults();
    try (EmbeddedKafka broken = EmbeddedKafka.start(settings.withDataFolder(folder))) {
      Clients connected = new Clients(broken.bootstrapServers());
      connected.createTopicWithin("before", Duration.ofSeconds(60));
      new DataFolder(folder, true).close();
      Files.writeString(folder, "a file where the folder was");

      assertThatThrownBy(() -> connected.createTopicWithin("after", Duration.ofSeconds(2)))
          .isNotNull();
    }
    try (EmbeddedKafka next = EmbeddedKafka.start(settings)) {
      new Clients(next.bootstrapServers()).createTopicWithin("next", Duration.ofSeconds(60));
    }
  }
}
