package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.streams.topic.UsageTopics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import io.sirocco.worker.announce.ModelTopic;
import io.sirocco.worker.control.ControlTopic;
import io.sirocco.worker.intake.RequestTopics;
import io.sirocco.worker.streams.StreamTopic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command that says what is wrong, on a broker on which nothing is, and with planted faults. */
@OnEmbeddedKafka
@Timeout(120)
class DoctorCommandIT {
  private static final String MODEL = "../models/demo";
  private static final String REQUESTS = Topics.requests("demo");

  @BeforeAll
  static void makeTopicsAsTheRolesDo(KafkaBroker broker) throws Exception {
    try (Admin admin = admin(broker.bootstrapServers())) {
      makeTopics(admin);
    }
  }

  @Test
  void nothingFailsWhereTheRolesMadeTheirTopics(KafkaBroker broker) throws Exception {
    CommandLineRun run = doctor(broker.bootstrapServers(), "--model", MODEL, "--role", "worker");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out().lines())
        .noneMatch(line -> line.startsWith("fail"))
        .anyMatch(line -> line.startsWith("ok    metadata.version: 4.3"))
        .anyMatch(line -> line.startsWith("ok    chat.models cleanup.policy: compact;"))
        .anyMatch(line -> line.startsWith("ok    chat.usage retention: ms=-1, bytes=-1;"))
        .anyMatch(line -> line.startsWith("ok    rights of the worker to topic chat.usage"))
        .anyMatch(
            line -> line.startsWith("ok    session of sirocco-workers." + REQUESTS + ": 10000"))
        .anyMatch(line -> line.startsWith("ok    transaction.max.timeout.ms: 900000 ms"))
        .anyMatch(line -> line.matches("ok    createTopics: [0-9.]+ ms; .*"))
        .anyMatch(line -> line.startsWith("ok    clock: "))
        .anyMatch(line -> line.startsWith("ok    native library: PyTorch "))
        .anyMatch(line -> line.startsWith("ok    model: " + MODEL + " is whole"))
        .anyMatch(line -> line.startsWith("ok    memory: "));
  }

  @Test
  void theThrowAwayTopicIsThrownAway(KafkaBroker broker) throws Exception {
    doctor(broker.bootstrapServers());

    try (TestTopics topics = new TestTopics(broker)) {
      assertThat(topics.names()).isNotEmpty().noneMatch(name -> name.contains("doctor"));
    }
  }

  @Test
  void oneBrokerThatAnybodyMayUseIsAWarning(KafkaBroker broker) throws Exception {
    CommandLineRun run = doctor(broker.bootstrapServers());

    assertThat(run.out().lines())
        .anyMatch(line -> line.startsWith("warn  brokers: 1 at "))
        .anyMatch(line -> line.startsWith("warn  authorizer.class.name: none;"))
        .anyMatch(line -> line.startsWith("      change: authorizer.class.name="));
  }

  @Test
  void topicThatDeletesWhereItMustCompactFailsWithTheCommandThatChangesIt(KafkaBroker broker)
      throws Exception {
    set(broker, Topics.PRICES, "cleanup.policy", "delete");

    CommandLineRun run = doctor(broker.bootstrapServers());
    set(broker, Topics.PRICES, "cleanup.policy", "compact");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out())
        .contains("fail  chat.prices cleanup.policy: delete; expected compact")
        .contains("      change: kafka-configs.sh --bootstrap-server " + broker.bootstrapServers()
            + " --alter --entity-type topics --entity-name chat.prices"
            + " --add-config cleanup.policy=compact");
  }

  @Test
  void usageThatIsNotKeptFails(KafkaBroker broker) throws Exception {
    set(broker, Topics.USAGE, "retention.ms", "604800000");

    CommandLineRun run = doctor(broker.bootstrapServers());
    set(broker, Topics.USAGE, "retention.ms", "-1");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains("fail  chat.usage retention: ms=604800000, bytes=-1;");
  }

  @Test
  void deadLettersWithoutRoomForARequestFail(KafkaBroker broker) throws Exception {
    set(broker, Topics.deadLetters(REQUESTS), "max.message.bytes", "1000");

    CommandLineRun run = doctor(broker.bootstrapServers());
    set(broker, Topics.deadLetters(REQUESTS), "max.message.bytes", "1048588");

    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).contains("fail  " + REQUESTS + "-dlt max.message.bytes: 1000;");
  }

  @Test
  void transactionsThatBrokersWouldRefuseFail() throws Exception {
    EmbeddedKafkaSettings strict = EmbeddedKafkaSettings.defaults()
        .withProperty("transaction.max.timeout.ms", "2000")
        .withProperty("group.consumer.session.timeout.ms", "45000");
    try (EmbeddedKafka broker = EmbeddedKafka.start(strict)) {
      CommandLineRun run = doctor(broker.bootstrapServers());

      assertThat(run.exitCode()).isOne();
      assertThat(run.out().lines())
          .anyMatch(line ->
              line.startsWith("fail  transaction.max.timeout.ms: 2000 ms; expected at least 45000"))
          .anyMatch(line -> line.startsWith("warn  session of "))
          .anyMatch(line -> line.startsWith("warn  chat.usage: not there"));
    }
  }

  @Test
  void modelThatIsMissingFailsAndBrokersAreLookedAtAllTheSame(
      KafkaBroker broker, @TempDir Path folder) throws Exception {
    CommandLineRun absent = doctor(broker.bootstrapServers(), "--model", "nowhere");
    Files.copy(Path.of(MODEL, "config.json"), folder.resolve("config.json"));
    CommandLineRun half = doctor(broker.bootstrapServers(), "--model", folder.toString());

    assertThat(absent.exitCode()).isOne();
    assertThat(absent.out())
        .contains("fail  model: nowhere: expected a folder, found none")
        .contains("ok    metadata.version: ");
    assertThat(half.exitCode()).isOne();
    assertThat(half.out())
        .contains("fail  model: " + folder + ": expected a file tokenizer.json")
        .contains("ok    memory: ");
  }

  @Test
  void brokerThatIsNotThereFailsAndThisMachineIsLookedAtAllTheSame(@TempDir Path folder)
      throws Exception {
    Path config = Files.writeString(
        folder.resolve("client.properties"),
        "request.timeout.ms=1000\ndefault.api.timeout.ms=1000\n");

    CommandLineRun run =
        doctor("127.0.0.1:1", "--command-config", config.toString(), "--model", MODEL);

    assertThat(run.exitCode()).isOne();
    assertThat(run.out())
        .contains("fail  brokers: none at 127.0.0.1:1 that lets one in: ")
        .contains("ok    native library: PyTorch ");
  }

  @Test
  void jsonSaysTheSame(KafkaBroker broker) throws Exception {
    CommandLineRun run = doctor(broker.bootstrapServers(), "--json");

    Map<?, ?> read = new JsonCodec().read(run.out().strip(), Map.class);

    assertThat(read.get("ok")).isEqualTo(true);
    assertThat((List<?>) read.get("findings"))
        .hasSizeGreaterThan(20)
        .allSatisfy(finding -> assertThat(((Map<?, ?>) finding).keySet())
            .isEqualTo(java.util.Set.of("status", "subject", "found", "expected", "change")));
    assertThat(run.out()).contains("\"status\":\"warn\",\"subject\":\"brokers\"");
  }

  private static CommandLineRun doctor(String servers, String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "doctor";
    arguments[1] = "--bootstrap-server";
    arguments[2] = servers;
    System.arraycopy(more, 0, arguments, 3, more.length);
    return CommandLineRun.of(arguments);
  }

  private static void makeTopics(Admin admin) throws InterruptedException {
    new RequestTopics(Optional.of(4)).ensure(admin, REQUESTS);
    ModelTopic.ensure(admin);
    ControlTopic.ensure(admin);
    StreamTopic.ensure(admin);
    new UsageTopics(Topics.USAGE_PARTITIONS, (short) -1)
        .createMissing(admin, Duration.ofSeconds(30));
  }

  private static void set(KafkaBroker broker, String topic, String setting, String value)
      throws Exception {
    try (Admin admin = admin(broker.bootstrapServers())) {
      admin
          .incrementalAlterConfigs(Map.of(
              new ConfigResource(ConfigResource.Type.TOPIC, topic),
              List.of(
                  new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private static Admin admin(String servers) {
    return Admin.create(Map.of("bootstrap.servers", servers));
  }
}
