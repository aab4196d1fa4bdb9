package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.ReplyGuarantee;
import io.sirocco.testkit.ReplyLogs;
import io.sirocco.testkit.TestTopics;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One partition, so that a request behind a bad one is answered only if the bad one is passed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BadInputContract {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String REPLIES = "chat.replies.bad-input";
  private static final String GOOD =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"What is a mistral?\"}],\"max_tokens\":3}";

  private final JsonCodec codec = new JsonCodec();
  private String model = "";
  private String bootstrapServers = "";
  private Worker worker;
  private KafkaProducer<String, byte[]> producer;
  private KafkaConsumer<String, byte[]> deadLetters;
  private ReplyLogs logs;
  private int requests;

  @BeforeAll
  void start(KafkaBroker broker) throws Exception {
    model = "bad-input";
    bootstrapServers = broker.bootstrapServers();
    worker = Worker.start(
        WorkerSettings.of(broker.bootstrapServers(), model).withPartitions(1),
        DemoModels.f32(2),
        new SimpleMeterRegistry(),
        fault -> {
          throw new AssertionError(fault);
        });
    Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    producer = new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer());
    deadLetters = new KafkaConsumer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest"),
        new StringDeserializer(),
        new ByteArrayDeserializer());
    deadLetters.assign(List.of(new TopicPartition(Topics.deadLetters(Topics.requests(model)), 0)));
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(REPLIES, 1);
    }
    logs = new ReplyLogs(broker);
  }

  @AfterAll
  void stop(KafkaBroker broker) {
    worker.close();
    producer.close();
    deadLetters.close();
    try (TestTopics topics = new TestTopics(broker)) {
      topics.delete(REPLIES);
    }
  }

  @Test
  void whatIsNoJsonIsAnsweredAndKept() throws Exception {
    ErrorBody error = refused("{\"messages\": [");

    assertThat(error.error().code()).isEqualTo("invalid_json");
    assertThat(error.error().message()).startsWith("expected JSON: ");
    assertThat(deadLetter()).endsWith("{\"messages\": [");
  }

  @Test
  void anEmptyMessageListIsRefused() throws Exception {
    assertThat(refused("{\"messages\":[]}").error().param()).isEqualTo("messages");
    assertThat(refused("{}").error().param()).isEqualTo("messages");
  }

  @Test
  void rolesThatDoNotAlternateAreRefused() throws Exception {
    ErrorBody error = refused("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
        + "{\"role\":\"user\",\"content\":\"b\"}]}");

    assertThat(error.error().param()).isEqualTo("messages");
    assertThat(error.error().message()).contains("alternate");
  }

  @Test
  void aPromptThatIsLongerThanTheContextIsRefused() throws Exception {
    String prompt = "wind ".repeat(2000);
    ErrorBody error =
        refused("{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(prompt));

    assertThat(error.error().code()).isEqualTo("context_length_exceeded");
    assertThat(error.error().message())
        .matches("expected a conversation of at most 1023 tokens, found \\d+");
  }

  @Test
  void aParameterOutOfRangeIsNamedWithItsRange() throws Exception {
    ErrorBody error = refused(GOOD.replace("{\"messages", "{\"temperature\":3,\"messages"));

    assertThat(error.error().param()).isEqualTo("temperature");
    assertThat(error.error().message()).isEqualTo("expected a number from 0 to 2, found 3");
  }

  @Test
  void aFieldOfAnotherTypeIsNamed() throws Exception {
    ErrorBody error = refused(GOOD.replace("{\"messages", "{\"seed\":\"lucky\",\"messages"));

    assertThat(error.error().code()).isEqualTo("invalid_type");
    assertThat(error.error().param()).isEqualTo("seed");
    assertThat(error.error().message()).isEqualTo("expected a whole number, found a string");
  }

  @Test
  void aFieldThatCannotBeFollowedIsNamed() throws Exception {
    ErrorBody error = refused(
        GOOD.replace("{\"messages", "{\"response_format\":{\"type\":\"json_object\"},\"messages"));

    assertThat(error.error().code()).isEqualTo("unsupported_parameter");
    assertThat(error.error().param()).isEqualTo("response_format.type");
  }

  @Test
  void aFieldThatNobodyKnowsIsNamedAsIgnored() throws Exception {
    List<ReplyRecord> log = answer(GOOD.replace("{\"messages", "{\"temprature\":0,\"messages"));

    assertThat(log.get(log.size() - 1).event()).isEqualTo(ReplyEvent.END);
    assertThat(warnings(log.get(0).offset())).isEqualTo("temprature");
  }

  private String warnings(long offset) {
    TopicPartition replies = new TopicPartition(REPLIES, 0);
    try (KafkaConsumer<String, byte[]> reader = new KafkaConsumer<>(
        Map.of("bootstrap.servers", bootstrapServers),
        new StringDeserializer(),
        new ByteArrayDeserializer())) {
      reader.assign(List.of(replies));
      reader.seek(replies, offset);
      ConsumerRecord<String, byte[]> start =
          reader.poll(PATIENCE).records(replies).get(0);
      return new String(start.headers().lastHeader(Headers.WARNINGS).value(), UTF_8);
    }
  }

  @Test
  void aNumberThatNoProgramCanHoldIsRefused() throws Exception {
    ErrorBody error = refused("{\"temperature\":1e99999999999,\"messages\":[]}");

    assertThat(error.error().type()).isEqualTo("invalid_request_error");
  }

  @Test
  void aRequestThatIsTooLargeAsADeadLetterLeavesItsOutline() throws Exception {
    // With the headers that say where it came from, it is larger than a record may be.
    producer.send(request("x".repeat(1_048_400))).get();

    assertThat(deadLetter())
        .startsWith("missing_required_parameter: ")
        .endsWith("is too large to be kept here, see its original place|");
  }

  @Test
  void anIdThatIsOfNoUseIsRefused() throws Exception {
    ProducerRecord<String, byte[]> request = request(GOOD);
    request.headers().add(Headers.REPLY_TOPIC, REPLIES.getBytes(UTF_8));
    request.headers().add(Headers.REQUEST_ID, "x".repeat(201).getBytes(UTF_8));
    producer.send(request).get();

    // The answer has an id that only the worker knows, so it is found by what it says.
    String expected = "expected an id of 1 to 200 bytes of UTF-8, found 201 bytes";
    logs.readUntil(
        new TopicPartition(REPLIES, 0),
        0,
        log -> log.stream()
            .anyMatch(
                reply -> reply.event() == ReplyEvent.ERROR && reply.body().contains(expected)),
        PATIENCE);
  }

  @Test
  void aRequestWithoutReplyTopicIsKept() throws Exception {
    producer.send(request("nobody waits")).get();

    assertThat(deadLetter())
        .isEqualTo("missing_required_parameter: expected header 'kafka_replyTopic', found none"
            + "|nobody waits");
  }

  @Test
  void aReplyTopicOutsideTheAllowListIsNotWrittenTo() throws Exception {
    ProducerRecord<String, byte[]> request = request(GOOD);
    request.headers().add(Headers.REPLY_TOPIC, Topics.requests(model).getBytes(UTF_8));
    producer.send(request).get();

    assertThat(deadLetter()).startsWith("reply_topic_not_allowed: ");
    assertThat(logs.readToEnd(new TopicPartition(Topics.requests(model), 0), 0)).isEmpty();
  }

  @Test
  void aReplyTopicThatDoesNotExistMakesADeadLetter() throws Exception {
    // Of a younger request the topic might still turn up.
    long requestedMillis = System.currentTimeMillis() - Duration.ofMinutes(1).toMillis();
    ProducerRecord<String, byte[]> request = new ProducerRecord<>(
        Topics.requests(model), 0, requestedMillis, "key", GOOD.getBytes(UTF_8));
    request.headers().add(Headers.REPLY_TOPIC, "chat.replies.nowhere".getBytes(UTF_8));
    producer.send(request).get();

    assertThat(deadLetter())
        .startsWith("reply_topic_unavailable: expected to write to partition 0 of reply topic");
  }

  @Test
  void aReplyPartitionThatDoesNotExistMakesADeadLetter() throws Exception {
    ProducerRecord<String, byte[]> request = request(GOOD);
    request.headers().add(Headers.REPLY_TOPIC, REPLIES.getBytes(UTF_8));
    request
        .headers()
        .add(Headers.REPLY_PARTITION, ByteBuffer.allocate(4).putInt(7).array());
    producer.send(request).get();

    assertThat(deadLetter()).contains("the topic has 1 partitions");
  }

  /** Sends a request and one behind it; returns the error that the first gets. */
  private ErrorBody refused(String body) throws Exception {
    List<ReplyRecord> log = answer(body);
    assertThat(log)
        .extracting(ReplyRecord::event)
        .containsExactly(ReplyEvent.START, ReplyEvent.ERROR);
    List<ReplyRecord> behind = answer(GOOD);
    assertThat(behind.get(behind.size() - 1).event()).isEqualTo(ReplyEvent.END);
    return codec.read(log.get(1).body(), ErrorBody.class);
  }

  private List<ReplyRecord> answer(String body) throws Exception {
    String id = "bad-" + requests++;
    ProducerRecord<String, byte[]> request = request(body);
    request.headers().add(Headers.REPLY_TOPIC, REPLIES.getBytes(UTF_8));
    request.headers().add(Headers.REQUEST_ID, id.getBytes(UTF_8));
    producer.send(request).get(60, TimeUnit.SECONDS);
    List<ReplyRecord> log =
        ReplyLogs.answer(logs.readToTerminal(new TopicPartition(REPLIES, 0), 0, id, PATIENCE), id);
    ReplyGuarantee.assertAllHold(log);
    return log;
  }

  private ProducerRecord<String, byte[]> request(String body) {
    return new ProducerRecord<>(Topics.requests(model), 0, "key", body.getBytes(UTF_8));
  }

  /** Waits for one dead letter: why, and what. */
  private String deadLetter() {
    List<String> letters = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (letters.isEmpty() && System.nanoTime() < deadline) {
      for (ConsumerRecord<String, byte[]> letter : deadLetters.poll(Duration.ofMillis(100))) {
        byte[] why = letter.headers().lastHeader(Headers.DLT_EXCEPTION_MESSAGE).value();
        byte[] what = letter.value() == null ? new byte[0] : letter.value();
        letters.add(new String(why, UTF_8) + "|" + new String(what, UTF_8));
      }
    }
    assertThat(letters).hasSize(1);
    return letters.get(0);
  }
}
