package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A worker that logs for programs. */
@OnEmbeddedKafka
@EnabledOnOs(OS.LINUX)
class JsonLogIT {
  @Test
  void everyLineIsOneObjectWithLevelAndMessage(KafkaBroker broker) throws Exception {
    try (WorkerProcess worker = WorkerProcess.start(
        "--bootstrap-server",
        broker.bootstrapServers(),
        "--set",
        "log.format=json",
        "--set",
        "worker.partitions=1")) {
      worker.awaitLine("ready model=demo");
      worker.signal("TERM");

      assertThat(worker.exitCode()).isZero();
      assertThat(worker.log())
          .hasSizeGreaterThan(3)
          .allSatisfy(line -> assertThat(new JsonCodec().readMembers(line.getBytes(UTF_8)))
              .containsKeys("timestamp", "level", "loggerName", "formattedMessage"))
          .anySatisfy(line -> assertThat(new JsonCodec().readMembers(line.getBytes(UTF_8)))
              .extractingByKey("formattedMessage")
              .asString()
              .startsWith("metrics=http://127.0.0.1:"));
    }
  }
}
