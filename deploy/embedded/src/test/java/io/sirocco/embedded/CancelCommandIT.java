package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.request.ControlCommand;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command that writes what workers read on {@code chat.control}. */
@OnEmbeddedKafka
@Timeout(180)
class CancelCommandIT {
  @Test
  void everyIdIsCancelledForItsUserOrForWhoeverWroteIt(KafkaBroker broker) throws Exception {
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(Topics.CONTROL, 1);
    }
    String server = broker.bootstrapServers();

    CommandLineRun any = CommandLineRun.of("cancel", "--bootstrap-server", server, "r-1", "r-2");
    CommandLineRun one =
        CommandLineRun.of("cancel", "--bootstrap-server", server, "--user", "u-1", "r-3");

    assertThat(any.exitCode()).as(any.err()).isZero();
    assertThat(any.out().lines())
        .containsExactly("cancel written for r-1", "cancel written for r-2");
    assertThat(one.exitCode()).as(one.err()).isZero();
    List<RequestKey> keys = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> command : commands(server, 3)) {
      keys.add(new JsonCodec().read(new String(command.key(), UTF_8), RequestKey.class));
      assertThat(new JsonCodec().read(command.value(), ControlCommand.class).cancels())
          .isTrue();
    }
    assertThat(keys)
        .containsExactly(
            RequestKey.ofAnyUser("r-1"), RequestKey.ofAnyUser("r-2"), RequestKey.of("u-1", "r-3"));
  }

  @Test
  void idThatNoRequestCanHaveIsRefused() {
    CommandLineRun run = CommandLineRun.of("cancel", "--bootstrap-server", "127.0.0.1:1", "");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("expected 1 to 200 bytes in request_id");
  }

  private static List<ConsumerRecord<byte[], byte[]>> commands(String server, int count) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
        Map.of("bootstrap.servers", server),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer())) {
      TopicPartition control = new TopicPartition(Topics.CONTROL, 0);
      consumer.assign(List.of(control));
      consumer.seekToBeginning(List.of(control));
      List<ConsumerRecord<byte[], byte[]>> commands = new ArrayList<>();
      while (commands.size() < count) {
        consumer.poll(Duration.ofMillis(100)).forEach(commands::add);
      }
      return commands;
    }
  }
}
