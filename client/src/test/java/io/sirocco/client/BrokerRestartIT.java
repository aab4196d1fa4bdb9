package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.TestTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker that goes away in the middle of an answer and comes back with its records. */
@Timeout(180)
class BrokerRestartIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir
  private Path folder;

  private record Running(EmbeddedKafka kafka) implements KafkaBroker {
    static Running on(int port, Path folder) {
      return new Running(EmbeddedKafka.start(
          EmbeddedKafkaSettings.defaults().withDataFolder(folder).withPort(port)));
    }

    @Override
    public String bootstrapServers() {
      return kafka.bootstrapServers();
    }

    int port() {
      return Integer.parseInt(bootstrapServers().split(":", 2)[1]);
    }

    @Override
    public void close() {
      kafka.close();
    }
  }

  @ParameterizedTest
  @EnumSource(ReplyTopicMode.class)
  void noTokenIsLostOrDoubledWhenTheBrokerRestarts(ReplyTopicMode mode) throws Exception {
    Running broker = Running.on(0, folder);
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create("chat.requests.echo", 1);
    }
    int port = broker.port();
    ClientSettings settings = ClientSettings.builder(broker.bootstrapServers())
        .model("echo")
        .replyTopics(mode)
        .readyTopics(2)
        .closeTimeout(Duration.ofSeconds(2))
        .build();
    try (SiroccoClient client = SiroccoClient.connect(settings)) {
      ReplyStream asked = client.submit(SubmitContract.ask("hello"));
      ReplyStream attached = client.attach(asked.handle());
      write(broker, asked, WireReply.start(asked.requestId(), "w", 1), delta(asked, 0));
      Iterator<ChatChunk> early = asked.iterator();
      Iterator<ChatChunk> other = attached.iterator();
      assertThat(early.next()).isEqualTo(WireReply.chunk("0 "));
      assertThat(other.next()).isEqualTo(WireReply.chunk("0 "));
      write(broker, asked, delta(asked, 1));

      broker.close();
      broker = Running.on(port, folder);
      write(
          broker,
          asked,
          delta(asked, 2),
          delta(asked, 3),
          WireReply.end(asked.requestId(), "w", 1, 4));

      assertThat(asked.await(PATIENCE).text()).isEqualTo("0 1 2 3 ");
      assertThat(attached.await(PATIENCE).text()).isEqualTo("0 1 2 3 ");
      assertThat(rest(early)).isEqualTo("1 2 3 ");
      assertThat(rest(other)).isEqualTo("1 2 3 ");
    } finally {
      broker.close();
    }
  }

  @Test
  void requestAfterARestartIsAnswered() throws Exception {
    Running broker = Running.on(0, folder);
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create("chat.requests.echo", 1);
      topics.create(Topics.MODELS, 1);
    }
    announce(broker);
    ClientSettings settings = ClientSettings.builder(broker.bootstrapServers())
        .model("echo")
        .readyTopics(2)
        .closeTimeout(Duration.ofSeconds(2))
        .build();
    try (SiroccoClient client = SiroccoClient.connect(settings)) {
      client.models();
      int port = broker.port();
      broker.close();
      assertThat(client.findModel("echo")).isPresent(); // Nobody need be asked for it.
      broker = Running.on(port, folder);

      ReplyStream asked = client.submit(SubmitContract.ask("hello"));
      write(
          broker,
          asked,
          WireReply.start(asked.requestId(), "w", 1),
          delta(asked, 0),
          WireReply.end(asked.requestId(), "w", 1, 1));

      assertThat(asked.await(PATIENCE).text()).isEqualTo("0 ");
    } finally {
      broker.close();
    }
  }

  private static WireReply delta(ReplyStream asked, int sequence) {
    return WireReply.delta(asked.requestId(), "w", 1, sequence, sequence + " ");
  }

  private static String rest(Iterator<ChatChunk> chunks) {
    List<ChatChunk> left = new ArrayList<>();
    chunks.forEachRemaining(left::add);
    return Answers.text(left);
  }

  private static void announce(KafkaBroker broker) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
      producer.send(Announcements.toRecord(Announcements.ready("echo"))).get();
    }
  }

  private static void write(KafkaBroker broker, ReplyStream asked, WireReply... replies)
      throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
      for (WireReply reply : replies) {
        producer
            .send(reply.to(asked.handle().replyTopic(), asked.handle().replyPartition()))
            .get();
      }
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(KafkaBroker broker) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", "0"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
