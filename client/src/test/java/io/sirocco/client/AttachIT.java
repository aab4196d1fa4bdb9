package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.request.ReplyHandle;
import io.sirocco.contracts.request.RequestFingerprint;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** Readers who come late, read again, or were somebody else. */
@OnEmbeddedKafka
@Timeout(180)
class AttachIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private String requestTopic = "";

  @BeforeEach
  void createTopics(KafkaBroker broker, TestInfo test) {
    requestTopic = "chat.requests." + test.getTestMethod().orElseThrow().getName();
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(requestTopic, 2);
      if (!topics.names().contains(Topics.STREAMS)) {
        topics.create(Topics.STREAMS, 2);
      }
    }
  }

  private SiroccoClient connect(KafkaBroker broker) {
    return SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
        .requestTopic(requestTopic)
        .readyTopics(2)
        .build());
  }

  private EchoWorker worker(KafkaBroker broker, EchoWorker.Script script) {
    return EchoWorker.start(broker.bootstrapServers(), requestTopic, script);
  }

  @Test
  void anotherClientReadsTheAnswerFromTheTextOfItsHandle(KafkaBroker broker) {
    try (EchoWorker worker = worker(broker, EchoWorker.ECHO);
        SiroccoClient asking = connect(broker);
        SiroccoClient reading = connect(broker)) {
      ReplyStream asked = asking.submit(SubmitContract.ask("one two three."));
      String handle = asked.handle().text();

      ReplyStream read = reading.attach(ReplyHandle.parse(handle));

      assertThat(read.await(PATIENCE).text()).isEqualTo("one two three.");
      assertThat(chunks(read)).isEqualTo(chunks(asked));
      assertThat(worker.requests()).hasSize(1);
    }
  }

  @Test
  void readerGoesOnAfterTheSequenceThatItSawLast(KafkaBroker broker) {
    try (EchoWorker worker = worker(broker, EchoWorker.ECHO);
        SiroccoClient client = connect(broker)) {
      ReplyStream asked = client.submit(SubmitContract.ask("one two three."));
      asked.await(PATIENCE);

      ReplyStream rest = client.attach(asked.handle(), 2);

      assertThat(rest.await(PATIENCE).text()).as("the whole").isEqualTo("one two three.");
      assertThat(chunks(rest)).isEqualTo(chunks(asked).subList(2, 4));
      assertThat(rest.chunks().from(3)).hasSize(1);
      assertThat(worker.requests()).hasSize(1);
    }
  }

  @Test
  void manyReadersOfAnAnswerInProgressEachSeeAllOfIt(KafkaBroker broker) {
    CountDownLatch half = new CountDownLatch(1);
    EchoWorker.Script inTwoHalves = (request, replies) -> {
      replies.send(WireReply.start(request.id(), "w", 1));
      replies.send(WireReply.delta(request.id(), "w", 1, 0, "early "));
      SubmitContract.awaitUnchecked(half);
      replies.send(WireReply.delta(request.id(), "w", 1, 1, "late."));
      replies.send(WireReply.end(request.id(), "w", 1, 2));
    };
    try (EchoWorker worker = worker(broker, inTwoHalves);
        SiroccoClient client = connect(broker)) {
      ReplyStream asked = client.submit(SubmitContract.ask("hello"));
      List<ReplyStream> readers = new ArrayList<>();
      for (int number = 0; number < 5; number++) {
        ReplyStream reader = client.attach(asked.handle());
        Iterator<ChatChunk> first = reader.iterator();
        assertThat(first.next()).isEqualTo(WireReply.chunk("early "));
        readers.add(reader);
      }

      half.countDown();

      asked.await(PATIENCE);
      for (ReplyStream reader : readers) {
        assertThat(reader.await(PATIENCE).text()).isEqualTo("early late.");
        assertThat(chunks(reader)).isEqualTo(chunks(asked));
      }
      assertThat(worker.requests()).hasSize(1);
    }
  }

  @Test
  void readerThatLeavesTakesNothingFromTheOthers(KafkaBroker broker) {
    CountDownLatch half = new CountDownLatch(1);
    EchoWorker.Script inTwoHalves = (request, replies) -> {
      replies.send(WireReply.start(request.id(), "w", 1));
      SubmitContract.awaitUnchecked(half);
      replies.send(WireReply.delta(request.id(), "w", 1, 0, "late."));
      replies.send(WireReply.end(request.id(), "w", 1, 1));
    };
    try (EchoWorker worker = worker(broker, inTwoHalves);
        SiroccoClient client = connect(broker)) {
      ReplyStream asked = client.submit(SubmitContract.ask("hello"));
      ReplyStream stays = client.attach(asked.handle());
      ReplyStream leaves = client.attach(asked.handle());

      leaves.leave();
      half.countDown();

      assertThatThrownBy(() -> leaves.await(PATIENCE)).isInstanceOf(ClientClosedException.class);
      assertThat(stays.await(PATIENCE).text()).isEqualTo("late.");
      assertThat(worker.requests()).hasSize(1);
    }
  }

  @Test
  void listedAnswerIsFoundByItsIdAndARepeatIsLedToIt(KafkaBroker broker) throws Exception {
    SubmitOptions options =
        SubmitOptions.builder().user("u-3").requestId("listed").listed(true).build();
    try (EchoWorker worker = worker(broker, EchoWorker.ECHO);
        SiroccoClient asking = connect(broker);
        SiroccoClient reading = connect(broker)) {
      ReplyStream asked = asking.submitOnce(SubmitContract.ask("hello"), options);
      asked.listed().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      ReplyStream repeated = reading.submitOnce(SubmitContract.ask("hello"), options);
      ReplyStream other = reading.submitOnce(SubmitContract.ask("good bye"), options);

      assertThat(
              reading.attach(RequestKey.of("u-3", "listed"), 0).await(PATIENCE).text())
          .isEqualTo("hello");
      assertThat(repeated.await(PATIENCE).text()).isEqualTo("hello");
      assertThat(repeated.isAttached()).isTrue();
      assertThat(asked.isAttached()).isFalse();
      assertThatThrownBy(() -> other.await(PATIENCE))
          .isInstanceOfSatisfying(
              ChatFailedException.class,
              e -> assertThat(e.body().error().code()).isEqualTo("request_id_conflict"));
      assertThat(worker.requests()).hasSize(1);
    }
  }

  @Test
  void answerIsFoundByUserAndIdAndByNobodyElse(KafkaBroker broker) throws Exception {
    try (EchoWorker worker = worker(broker, EchoWorker.ECHO);
        SiroccoClient client = connect(broker)) {
      ReplyStream asked = client.submit(
          SubmitContract.ask("hello"), SubmitOptions.builder().user("u-1").build());
      asked.await(PATIENCE);
      RequestKey key = RequestKey.of("u-1", asked.requestId());
      writeDown(broker, key, asked.handle());

      assertThat(client.attach(key, 0).await(PATIENCE).text()).isEqualTo("hello");
      assertThatThrownBy(() -> client.attach(RequestKey.of("u-2", asked.requestId()), 0))
          .isInstanceOf(ReplyNotFoundException.class)
          .hasMessageContaining("expected the place of its answer on topic 'chat.streams'");
      assertThatThrownBy(() -> client.attach(asked.requestId(), 0))
          .isInstanceOf(ReplyNotFoundException.class);
      assertThat(worker.requests()).hasSize(1);
    }
  }

  @Test
  void deletedAnswerIsNotFound(KafkaBroker broker) {
    try (SiroccoClient client = connect(broker)) {
      ReplyHandle gone = new ReplyHandle("anonymous", "r-1", "chat.replies.gone.1", 0, 0);

      assertThatThrownBy(() -> client.attach(gone))
          .isInstanceOf(ReplyNotFoundException.class)
          .hasMessage("request r-1: expected its answer in chat.replies.gone.1-0, found no such"
              + " topic");
    }
  }

  private static List<ChatChunk> chunks(ReplyStream stream) {
    List<ChatChunk> chunks = new ArrayList<>();
    stream.forEach(chunks::add);
    return chunks;
  }

  /** As a worker does when it takes the request up. */
  private void writeDown(KafkaBroker broker, RequestKey key, ReplyHandle handle) throws Exception {
    StreamLocation place = new StreamLocation(
        handle.replyTopic(),
        handle.replyPartition(),
        handle.replyOffset(),
        RequestFingerprint.of(new byte[0]),
        requestTopic,
        0,
        0,
        1_754_000_000_000L);
    JsonCodec codec = new JsonCodec();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(Topics.STREAMS, codec.writeBytes(key), codec.writeBytes(place)))
          .get();
    }
  }
}
