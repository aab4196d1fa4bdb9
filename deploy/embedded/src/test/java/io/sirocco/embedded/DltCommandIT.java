package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** What an operator sees of dead letters, and does about them. */
@OnEmbeddedKafka
@Timeout(180)
class DltCommandIT {
  private static final String BODY = "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}";

  private String model = "";
  private String requests = "";

  @BeforeEach
  void createTopics(KafkaBroker broker, TestInfo test) {
    model = test.getTestMethod().orElseThrow().getName();
    requests = Topics.requests(model);
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(requests, 1);
      topics.create(Topics.deadLetters(requests), 1);
    }
  }

  private CommandLineRun dlt(KafkaBroker broker, String command, String... more) {
    List<String> arguments = new ArrayList<>(
        List.of("dlt", command, "--bootstrap-server", broker.bootstrapServers(), "--model", model));
    arguments.addAll(List.of(more));
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void listNamesPlaceOriginAndReason(KafkaBroker broker) throws Exception {
    write(broker, "r-1");
    write(broker, "r-2");

    CommandLineRun list = dlt(broker, "list");

    assertThat(list.exitCode()).as(list.err()).isZero();
    List<String> lines = list.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("place  written").endsWith("reason");
    assertThat(lines.get(2))
        .matches("0:1    \\S+Z  " + requests + "/3/42  r-2  +\\d+     expected JSON, found none");
  }

  @Test
  void listOfATopicWithoutLettersSaysSo(KafkaBroker broker) {
    assertThat(dlt(broker, "list").out().strip()).isEqualTo("no dead letters");
  }

  @Test
  void showPrintsHeadersAndTheRequestAsItCame(KafkaBroker broker) throws Exception {
    write(broker, "r-1");

    CommandLineRun show = dlt(broker, "show", "0:0");

    assertThat(show.exitCode()).as(show.err()).isZero();
    assertThat(show.out().lines())
        .contains(
            "x-request-id: r-1",
            "kafka_dlt-original-partition: 3",
            "kafka_dlt-original-offset: 42",
            "kafka_correlationId: 0xff00",
            "kafka_dlt-exception-message: expected JSON, found none")
        .endsWith("", BODY);
  }

  @Test
  void replayWritesTheRequestUntouchedUnderANewId(KafkaBroker broker) throws Exception {
    write(broker, "r-1");

    CommandLineRun replay = dlt(broker, "replay", "--reply-topic", "chat.replies.new.1", "0:0");

    assertThat(replay.exitCode()).as(replay.err()).isZero();
    ConsumerRecord<byte[], byte[]> request = first(broker, requests);
    assertThat(request.key()).asString().isEqualTo("the key");
    assertThat(request.value()).asString().isEqualTo(BODY);
    assertThat(request.headers().toArray())
        .extracting(Header::key)
        .containsExactlyInAnyOrder(
            Headers.CORRELATION_ID, Headers.USER, Headers.REQUEST_ID, Headers.REPLY_TOPIC);
    assertThat(text(request, Headers.REPLY_TOPIC)).isEqualTo("chat.replies.new.1");
    assertThat(text(request, Headers.REQUEST_ID)).isNotEqualTo("r-1");
    assertThat(replay.out().strip())
        .isEqualTo("0:0 is now request " + text(request, Headers.REQUEST_ID) + " on " + requests);
  }

  @Test
  void letterThatDoesNotHoldItsRequestIsNotReplayed(KafkaBroker broker) throws Exception {
    write(broker, "r-1");
    ProducerRecord<byte[], byte[]> outline =
        new ProducerRecord<>(Topics.deadLetters(requests), 0, null, null);
    addOrigin(outline);
    send(broker, outline);
    ProducerRecord<byte[], byte[]> nameless =
        new ProducerRecord<>(Topics.deadLetters(requests), 0, null, BODY.getBytes(UTF_8));
    addOrigin(nameless);
    send(broker, nameless);

    CommandLineRun tooLarge =
        dlt(broker, "replay", "--reply-topic", "chat.replies.a", "0:0", "0:1");
    CommandLineRun nowhere = dlt(broker, "replay", "0:2");
    CommandLineRun somewhere = dlt(broker, "replay", "--reply-topic", "chat.replies.a", "0:2");

    assertThat(tooLarge.exitCode()).isEqualTo(2);
    assertThat(tooLarge.err())
        .contains("0:1: expected the request, found a letter without one; " + requests
            + "/3/42 is where it was");
    assertThat(tooLarge.out()).doesNotContain("is now request");
    assertThat(nowhere.exitCode()).isEqualTo(2);
    assertThat(nowhere.err()).contains("found none; --reply-topic sets it");
    assertThat(somewhere.exitCode()).as(somewhere.err()).isZero();
    assertThat(somewhere.out())
        .contains(text(first(broker, requests), Headers.REQUEST_ID)); // The first of all.
  }

  @Test
  void placeWithoutALetterIsRefused(KafkaBroker broker) {
    CommandLineRun nothing = dlt(broker, "show", "0:7");
    CommandLineRun noPlace = dlt(broker, "replay", "seven");

    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err()).contains("expected a dead letter at 0:7");
    assertThat(noPlace.exitCode()).isEqualTo(2);
    assertThat(noPlace.err()).contains("expected a place such as 0:17, found 'seven'");
  }

  private void write(KafkaBroker broker, String requestId) throws Exception {
    ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(
        Topics.deadLetters(requests), 0, "the key".getBytes(UTF_8), BODY.getBytes(UTF_8));
    add(letter, Headers.REQUEST_ID, requestId);
    add(letter, Headers.USER, "u-1");
    add(letter, Headers.REPLY_TOPIC, "chat.replies.gone.1");
    add(letter, Headers.REPLY_OFFSET, "0");
    add(letter, "deadline-ms", "1754000000000");
    letter.headers().add(Headers.CORRELATION_ID, new byte[] {-1, 0});
    addOrigin(letter);
    send(broker, letter);
  }

  private void addOrigin(ProducerRecord<byte[], byte[]> letter) {
    add(letter, Headers.DLT_ORIGINAL_TOPIC, requests);
    add(letter, Headers.DLT_EXCEPTION_MESSAGE, "expected JSON, found none");
    letter
        .headers()
        .add(Headers.DLT_ORIGINAL_PARTITION, ByteBuffer.allocate(4).putInt(3).array())
        .add(Headers.DLT_ORIGINAL_OFFSET, ByteBuffer.allocate(8).putLong(42).array());
  }

  private static void send(KafkaBroker broker, ProducerRecord<byte[], byte[]> letter)
      throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer())) {
      producer.send(letter).get();
    }
  }

  private static void add(ProducerRecord<byte[], byte[]> letter, String name, String text) {
    letter.headers().add(name, text.getBytes(UTF_8));
  }

  private static String text(ConsumerRecord<byte[], byte[]> request, String header) {
    return new String(request.headers().lastHeader(header).value(), UTF_8);
  }

  private static ConsumerRecord<byte[], byte[]> first(KafkaBroker broker, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (true) {
        for (ConsumerRecord<byte[], byte[]> found : consumer.poll(Duration.ofMillis(100))) {
          return found;
        }
      }
    }
  }
}
