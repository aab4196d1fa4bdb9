package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.ReplyLogs;
import io.sirocco.testkit.TestTopics;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.intake.GroupProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** When workers come and go in good order, and when a topic vanishes, nobody waits for ever. */
abstract class HandoverContract {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int REQUESTS = 12;

  @Test
  void whatAWorkerBeganThatStopsAnotherGoesOnWith(KafkaBroker broker) throws Exception {
    try (SiroccoClient client = client(broker, "stopping")) {
      Worker worker = start(broker, "stopping", Duration.ZERO);
      ReplyStream answer = client.submit(longRequest());
      answer.chunks().within(PATIENCE).iterator().next();

      worker.close();
      Worker heir = start(broker, "stopping", Duration.ZERO);

      try {
        ChatCompletion whole = answer.await(PATIENCE);
        ChatCompletion undisturbed = client.submit(longRequest()).await(PATIENCE);
        assertThat(whole.text()).isNotEmpty().isEqualTo(undisturbed.text());
        assertThat(Objects.requireNonNull(whole.usage()).completionTokens())
            .isEqualTo(Objects.requireNonNull(undisturbed.usage()).completionTokens());
      } finally {
        heir.close();
      }
    }
  }

  @Test
  void everyAnswerEndsWhenASecondWorkerJoins(KafkaBroker broker) throws Exception {
    assertThatEveryAnswerEnds(broker, "joining", GroupProtocol.CONSUMER);
  }

  @Test
  void everyAnswerEndsWhenASecondWorkerJoinsByTheClassicProtocol(KafkaBroker broker)
      throws Exception {
    assertThatEveryAnswerEnds(broker, "classic", GroupProtocol.CLASSIC);
  }

  private static void assertThatEveryAnswerEnds(
      KafkaBroker broker, String model, GroupProtocol protocol) throws Exception {
    List<Worker> workers = new ArrayList<>();
    try (SiroccoClient client = client(broker, model)) {
      workers.add(
          start(settings(broker, model, Duration.ofSeconds(5)).withGroupProtocol(protocol)));
      List<ReplyStream> streams = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        streams.add(client.submit(longRequest()));
      }
      streams.get(0).chunks().within(PATIENCE).iterator().next();

      workers.add(
          start(settings(broker, model, Duration.ofSeconds(5)).withGroupProtocol(protocol)));

      for (ReplyStream stream : streams) {
        assertThat(stream.await(PATIENCE).text()).isNotEmpty();
      }
    } finally {
      workers.forEach(Worker::close);
    }
  }

  @Test
  void aReplyTopicThatVanishesInMidAnswerHoldsUpNobodyElse(KafkaBroker broker) throws Exception {
    TopicPartition vanishing = new TopicPartition("chat.replies.vanishing", 0);
    Worker worker = start(broker, "vanishing", Duration.ZERO);
    try (SiroccoClient client = client(broker, "vanishing");
        TestTopics topics = new TestTopics(broker)) {
      topics.create(vanishing.topic(), 1);
      send(broker, "vanishing", vanishing.topic());
      new ReplyLogs(broker)
          .readUntil(
              vanishing,
              0,
              log -> log.stream().anyMatch(reply -> reply.event() == ReplyEvent.DELTA),
              PATIENCE);
      topics.delete(vanishing.topic());

      ReplyStream other = client.submit(ChatRequest.builder()
          .message(ChatMessage.user("What is the capital of France?"))
          .temperature(0.0)
          .build());

      // One refused record costs a second; one for each token would cost a quarter of an hour.
      assertThat(other.await(PATIENCE).text()).contains("Paris");
    } finally {
      worker.close();
    }
  }

  private static void send(KafkaBroker broker, String model, String replyTopic) throws Exception {
    try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new StringSerializer(),
        new ByteArraySerializer())) {
      ProducerRecord<String, byte[]> request = new ProducerRecord<>(
          Topics.requests(model), null, new JsonCodec().writeBytes(longRequest()));
      request.headers().add(Headers.REPLY_TOPIC, replyTopic.getBytes(UTF_8));
      producer.send(request).get();
    }
  }

  private static SiroccoClient client(KafkaBroker broker, String model) {
    return SiroccoClient.connect(
        ClientSettings.builder(broker.bootstrapServers()).model(model).build());
  }

  private static Worker start(KafkaBroker broker, String model, Duration grace) throws Exception {
    return start(settings(broker, model, grace));
  }

  private static WorkerSettings settings(KafkaBroker broker, String model, Duration grace) {
    return WorkerSettings.of(broker.bootstrapServers(), model).withPartitions(2).withGrace(grace);
  }

  private static Worker start(WorkerSettings settings) throws Exception {
    return Worker.start(settings, DemoModels.f32(4), new SimpleMeterRegistry(), fault -> {
      throw new AssertionError(fault);
    });
  }

  /** Nonsense that goes on until the context ends: about a thousand tokens. */
  private static ChatRequest longRequest() {
    return ChatRequest.builder()
        .message(ChatMessage.user("Tell me everything."))
        .temperature(2.0)
        .seed(7L)
        .stream(true)
        .build();
  }
}
