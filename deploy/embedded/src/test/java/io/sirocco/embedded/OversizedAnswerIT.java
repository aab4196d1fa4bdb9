package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ChatFailedException;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.RawReply;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.chat.Logprobs;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.ReplyGuarantee;
import io.sirocco.testkit.ReplyLogs;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Records that the producer or the broker finds too large: nobody waits for them for ever. */
@OnEmbeddedKafka
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class OversizedAnswerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MODEL = "oversized";
  private static final int PRODUCER_BYTES = 20_000;
  private static final int TOPIC_BYTES = 2_500;

  /** As a whole too large for the producer, though no delta of it is. */
  private static final String LARGE = """
      {"stream": false, "temperature": 0, "max_tokens": 400, "ignore_eos": true,
       "logprobs": true, "messages": [{"role": "user", "content": "Tell me a story."}]}""";

  private final JsonCodec codec = new JsonCodec();
  private Worker worker;
  private SiroccoClient client;

  @BeforeAll
  void start(KafkaBroker broker) throws Exception {
    WorkerSettings settings = WorkerSettings.of(broker.bootstrapServers(), MODEL)
        .withPartitions(1)
        .withKafka(Map.of("max.request.size", String.valueOf(PRODUCER_BYTES)));
    worker = Worker.start(settings, DemoModels.f32(2), new SimpleMeterRegistry(), fault -> {
      throw new AssertionError(fault);
    });
    client = SiroccoClient.connect(
        ClientSettings.builder(broker.bootstrapServers()).model(MODEL).build());
  }

  @AfterAll
  void stop() {
    client.close();
    worker.close();
  }

  @Test
  void aWholeAnswerThatTheProducerRefusesIsReadFromItsDeltas(KafkaBroker broker) throws Exception {
    ReplyStream stream = submit(LARGE);
    ChatCompletion completion = stream.await(PATIENCE);

    assertThat(codec.writeBytes(completion).length).isGreaterThan(PRODUCER_BYTES);
    Logprobs logprobs = requireNonNull(completion.choices().get(0).logprobs());
    assertThat(logprobs.content().stream().map(Logprobs.Token::token).collect(joining()))
        .isEqualTo(completion.text());
    assertThat(requireNonNull(completion.usage()).completionTokens()).isEqualTo(400);
    List<ReplyRecord> log = new ArrayList<>();
    for (RawReply reply : stream.records().within(PATIENCE)) {
      log.add(reply.reply());
    }
    ReplyGuarantee.assertAllHold(log);
    ReplyRecord last = log.get(log.size() - 1);
    assertThat(last.event()).isEqualTo(ReplyEvent.END);
    assertThat(codec.read(last.body(), ChatChunk.class).choices()).isEmpty();
    assertThat(usageOf(stream.requestId(), broker))
        .contains("\"outcome\":\"length\"", "\"completion_tokens\":400");
  }

  @Test
  void aDeltaThatTheProducerRefusesFailsTheAnswer(KafkaBroker broker) throws Exception {
    ReplyStream stream =
        submit(LARGE.replace("\"logprobs\": true", "\"logprobs\": true, \"top_logprobs\": 20"));
    ChatFailedException failure =
        catchThrowableOfType(ChatFailedException.class, () -> stream.await(PATIENCE));

    ErrorBody error = failure.body();
    assertThat(error.error().code()).isEqualTo("answer_too_large");
    assertThat(error.error().message())
        .contains("larger than " + PRODUCER_BYTES, "max.request.size", "fewer top_logprobs");
    // The first pieces are small enough, and are billed.
    assertThat(requireNonNull(error.usage()).completionTokens()).isBetween(1, 31);
    assertThat(usageOf(stream.requestId(), broker)).contains("\"outcome\":\"answer_too_large\"");
  }

  @Test
  void aWholeAnswerThatTheBrokerRefusesIsReadFromItsDeltas(KafkaBroker broker) throws Exception {
    List<ReplyRecord> log =
        answer("whole", LARGE.replace("\"logprobs\"", "\"return_token_ids\""), broker);

    assertThat(log.get(log.size() - 1).event()).isEqualTo(ReplyEvent.END);
    assertThat(log.get(log.size() - 1).body()).contains("\"choices\":[]");
    assertThat(log.stream().mapToInt(reply -> reply.tokenIds().size()).sum()).isEqualTo(400);
  }

  @Test
  void aDeltaThatTheBrokerRefusesFailsTheAnswer(KafkaBroker broker) throws Exception {
    List<ReplyRecord> log = answer("delta", LARGE, broker);

    assertThat(log)
        .extracting(ReplyRecord::event)
        .startsWith(ReplyEvent.START)
        .endsWith(ReplyEvent.ERROR)
        .doesNotContain(ReplyEvent.END);
    assertThat(log.get(log.size() - 1).body()).contains("answer_too_large");
  }

  @Test
  void aStartThatTheBrokerRefusesFailsTheAnswer(KafkaBroker broker) throws Exception {
    String prompt = "wind ".repeat(600);
    List<ReplyRecord> log = answer("start", """
        {"max_tokens": 3, "return_token_ids": true,
         "messages": [{"role": "user", "content": "%s"}]}""".formatted(prompt), broker);

    assertThat(log)
        .extracting(ReplyRecord::event)
        .containsExactly(ReplyEvent.START, ReplyEvent.ERROR);
    assertThat(log.get(1).body()).contains("answer_too_large");
  }

  private ReplyStream submit(String body) throws Exception {
    return client.submit(codec.read(body.getBytes(UTF_8), ChatRequest.class));
  }

  /** What stands in a reply topic that takes small records alone. */
  private static List<ReplyRecord> answer(String id, String body, KafkaBroker broker)
      throws Exception {
    String topic = "chat.replies.oversized-" + id;
    Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(kafka);
        KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
      NewTopic small = new NewTopic(topic, Optional.of(1), Optional.empty())
          .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(TOPIC_BYTES)));
      admin.createTopics(List.of(small)).all().get(60, TimeUnit.SECONDS);
      ProducerRecord<String, byte[]> request =
          new ProducerRecord<>(Topics.requests(MODEL), id, body.getBytes(UTF_8));
      request.headers().add(Headers.REPLY_TOPIC, topic.getBytes(UTF_8));
      request.headers().add(Headers.REQUEST_ID, id.getBytes(UTF_8));
      producer.send(request).get(60, TimeUnit.SECONDS);
      try {
        List<ReplyRecord> log = ReplyLogs.answer(
            new ReplyLogs(broker).readToTerminal(new TopicPartition(topic, 0), 0, id, PATIENCE),
            id);
        ReplyGuarantee.assertAllHold(log);
        return log;
      } finally {
        admin.deleteTopics(List.of(topic)).all().get(60, TimeUnit.SECONDS);
      }
    }
  }

  private static String usageOf(String requestId, KafkaBroker broker) {
    TopicPartition events = new TopicPartition(Topics.USAGE, 0);
    try (KafkaConsumer<String, String> reader = new KafkaConsumer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new StringDeserializer(),
        new StringDeserializer())) {
      reader.assign(reader.partitionsFor(events.topic()).stream()
          .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
          .toList());
      reader.seekToBeginning(reader.assignment());
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < deadline) {
        for (ConsumerRecord<String, String> event : reader.poll(Duration.ofMillis(100))) {
          if (event.value().contains(requestId)) {
            return event.value();
          }
        }
      }
      throw new AssertionError("expected a usage event of request " + requestId + ", found none");
    }
  }
}
