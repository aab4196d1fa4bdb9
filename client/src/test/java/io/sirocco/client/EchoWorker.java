package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The other side of the wire for tests of the client: takes requests from their topic, answers each
 * with a script, and commits what it has answered.
 *
 * <p>Thread-safe; scripts run on the worker's thread.
 */
final class EchoWorker implements AutoCloseable {
  /** Answers one request by sending records to its reply topic. */
  interface Script {
    void answer(Request request, Replies replies);
  }

  /** Where a script's records go. */
  interface Replies {
    void send(WireReply reply);
  }

  /**
   * A request as it came.
   *
   * @param prompt the text of its last message
   */
  record Request(String id, String replyTopic, int partition, String prompt) {}

  /** The answer is the prompt, one delta for each word. */
  static final Script ECHO = (request, replies) -> {
    replies.send(WireReply.start(request.id(), "echo", 1));
    String[] words = request.prompt().split("(?<= )", -1);
    for (int index = 0; index < words.length; index++) {
      replies.send(WireReply.delta(request.id(), "echo", 1, index, words[index]));
    }
    replies.send(WireReply.end(request.id(), "echo", 1, words.length));
  };

  private final JsonCodec codec = new JsonCodec();
  private final Script script;
  private final Predicate<Request> closes;
  private final Consumer<byte[], byte[]> consumer;
  private final Producer<byte[], byte[]> producer;
  private final Thread thread = new Thread(this::run, "echo-worker");
  private final CountDownLatch assigned = new CountDownLatch(1);
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile boolean running = true;

  /**
   * @param closes which answered requests are committed; partitions whose requests are not all
   *     closed stay where they are
   */
  private EchoWorker(
      String bootstrapServers, String requestTopic, Script script, Predicate<Request> closes) {
    this.script = script;
    this.closes = closes;
    this.consumer = new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers", bootstrapServers,
            "group.id", Topics.workerGroup(requestTopic),
            "auto.offset.reset", "earliest",
            "enable.auto.commit", "false",
            "retry.backoff.ms", "10"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
    this.producer = new KafkaProducer<>(
        Map.of(
            "bootstrap.servers", bootstrapServers,
            "linger.ms", "0",
            "retry.backoff.ms", "10"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
    consumer.subscribe(List.of(requestTopic));
  }

  static EchoWorker start(String bootstrapServers, String requestTopic, Script script) {
    return start(bootstrapServers, requestTopic, script, request -> true);
  }

  /** Starts a worker and returns when it has its partitions. */
  static EchoWorker start(
      String bootstrapServers, String requestTopic, Script script, Predicate<Request> closes) {
    EchoWorker worker = new EchoWorker(bootstrapServers, requestTopic, script, closes);
    worker.thread.start();
    try {
      worker.assigned.await();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    return worker;
  }

  /** The requests that came so far. */
  List<Request> requests() {
    return requests;
  }

  private void run() {
    try (consumer;
        producer) {
      while (running) {
        Map<TopicPartition, OffsetAndMetadata> closed = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> taken : consumer.poll(Duration.ofMillis(50))) {
          Request request = read(taken);
          requests.add(request);
          script.answer(request, reply -> {
            var unused = producer.send(reply.to(request.replyTopic()));
          });
          if (closes.test(request)) {
            closed.put(
                new TopicPartition(taken.topic(), taken.partition()),
                new OffsetAndMetadata(taken.offset() + 1));
          }
        }
        if (!consumer.assignment().isEmpty()) {
          assigned.countDown();
        }
        producer.flush();
        consumer.commitSync(closed);
      }
    } catch (WakeupException e) {
      // The end.
    }
  }

  private Request read(ConsumerRecord<byte[], byte[]> taken) {
    try {
      List<ChatMessage> messages = codec.read(taken.value(), ChatRequest.class).messages();
      ChatMessage last = messages == null ? null : messages.get(messages.size() - 1);
      return new Request(
          new String(taken.headers().lastHeader(Headers.REQUEST_ID).value(), UTF_8),
          new String(taken.headers().lastHeader(Headers.REPLY_TOPIC).value(), UTF_8),
          taken.partition(),
          last == null || last.content() == null ? "" : last.content().text());
    } catch (MalformedJsonException e) {
      throw new AssertionError("expected a request of the client to be well formed", e);
    }
  }

  @Override
  public void close() {
    running = false;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
