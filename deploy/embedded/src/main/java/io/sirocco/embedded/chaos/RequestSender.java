package io.sirocco.embedded.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends requests, each with a log of its own for the answer.
 *
 * <p>Confined to the main thread.
 */
final class RequestSender implements AutoCloseable {
  private final JsonCodec codec = new JsonCodec();
  private final Producer<String, byte[]> producer;
  private final ChaosTopics topics;
  private final String run;
  private final List<Asked> asked = new ArrayList<>();
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  /**
   * Sends to the request topic of {@code topics}.
   *
   * @param run begins the request ids
   */
  RequestSender(String bootstrapServers, ChaosTopics topics, String run) {
    this.topics = topics;
    this.run = run;
    producer = new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
            20,
            // Of several batches on their way to a young partition the second may be taken alone:
            // then the first is out of order until it expires.
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
            1),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  /** Sends a request, and does not wait for its arrival. */
  Asked ask(Question question) throws InterruptedException {
    int number = asked.size();
    Asked request = new Asked(
        run + "-" + number, question, number % topics.requestPartitions(), topics.replies(number));
    asked.add(request);
    sent.add(producer.send(record(request)));
    return request;
  }

  private ProducerRecord<String, byte[]> record(Asked request) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(
        Topics.requests(ChaosSettings.MODEL),
        request.requestPartition(),
        request.requestId(),
        codec.writeBytes(request.question().request()));
    TopicPartition replies = request.replies();
    record
        .headers()
        .add(Headers.REQUEST_ID, request.requestId().getBytes(UTF_8))
        .add(Headers.REPLY_TOPIC, replies.topic().getBytes(UTF_8))
        .add(
            Headers.REPLY_PARTITION,
            ByteBuffer.allocate(Integer.BYTES).putInt(replies.partition()).array())
        .add(Headers.REPLY_OFFSET, "0".getBytes(UTF_8))
        .add(Headers.USER, "chaos".getBytes(UTF_8));
    return record;
  }

  /** All requests so far. */
  List<Asked> asked() {
    return List.copyOf(asked);
  }

  /**
   * Waits until all requests have arrived.
   *
   * @throws KafkaException when one has not
   */
  void awaitSent() throws InterruptedException {
    for (Future<RecordMetadata> each : sent) {
      try {
        each.get();
      } catch (ExecutionException e) {
        throw new KafkaException("expected every request to arrive, found " + e.getCause(), e);
      }
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
