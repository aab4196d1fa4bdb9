package io.sirocco.embedded.chaos;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyFold;
import io.sirocco.contracts.reply.ReplyRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers as anybody would: every log from its beginning, with the reader's rule.
 *
 * <p>Confined to the main thread.
 */
final class ReplyReader implements AutoCloseable {
  /** Is told of every record that counts. */
  interface Watcher {
    void accepted(Asked asked, ReplyRecord reply);
  }

  private static final class Log {
    final Asked asked;
    final ReplyCheckpoint checkpoint;

    @Nullable
    String fault;

    Log(Asked asked, JsonCodec codec) {
      this.asked = asked;
      this.checkpoint = new ReplyCheckpoint(asked.requestId(), codec);
    }

    Answer answer() {
      return Answer.of(checkpoint, asked.question().choices(), fault);
    }
  }

  private static final Duration POLL = Duration.ofMillis(50);

  private final JsonCodec codec = new JsonCodec();
  private final Consumer<byte[], byte[]> consumer;
  private final boolean beyondEnds;
  private final Watcher watcher;
  private final Map<String, Log> logs = new LinkedHashMap<>();
  private final Map<TopicPartition, Log> open = new HashMap<>();

  /**
   * Reads nothing yet.
   *
   * @param beyondEnds whether to look behind the ends of answers as well, where their writers must not
   *     have written
   */
  ReplyReader(String bootstrapServers, boolean beyondEnds, Watcher watcher) {
    this.beyondEnds = beyondEnds;
    this.watcher = watcher;
    consumer = new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            // A log that is added waits for the fetch that is parked at the broker.
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            20,
            ConsumerConfig.RETRY_BACKOFF_MS_CONFIG,
            20),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** Reads these too, from their beginnings. */
  void follow(Collection<Asked> more) {
    for (Asked asked : more) {
      Log log = new Log(asked, codec);
      logs.put(asked.requestId(), log);
      open.put(asked.replies(), log);
    }
    consumer.assign(open.keySet());
  }

  /** Reads what has come. */
  void poll(Duration patience) throws InterruptedException {
    if (open.isEmpty()) {
      Thread.sleep(patience.toMillis()); // A consumer of nothing refuses to wait.
      return;
    }
    int before = open.size();
    for (ConsumerRecord<byte[], byte[]> polled : consumer.poll(patience)) {
      Log log = open.get(new TopicPartition(polled.topic(), polled.partition()));
      ReplyRecord reply = ReplyRecord.decode(
          polled.offset(), polled.timestamp(), name -> header(polled, name), polled.value());
      if (log != null && reply != null) {
        accept(log, reply);
      }
    }
    if (open.size() < before) {
      consumer.assign(open.keySet());
    }
  }

  private void accept(Log log, ReplyRecord reply) {
    try {
      ReplyFold.Effect effect = log.checkpoint.accept(reply);
      if (effect != ReplyFold.Effect.DROPPED) {
        watcher.accepted(log.asked, reply);
      }
      if (effect == ReplyFold.Effect.ENDED && !beyondEnds) {
        open.remove(log.asked.replies());
      }
      if (effect == ReplyFold.Effect.DROPPED && isBehindItsOwnEnd(log.checkpoint.fold(), reply)) {
        log.fault = "expected nothing of its writer behind the end, found a %s at offset %d"
            .formatted(reply.event().wireName(), reply.offset());
      }
    } catch (MalformedJsonException e) {
      log.fault = "expected a body of a %s at offset %d, found %s"
          .formatted(reply.event().wireName(), reply.offset(), e.getMessage());
      open.remove(log.asked.replies());
    }
  }

  /** What others wrote is of no account: they did not know that the answer had ended. */
  private static boolean isBehindItsOwnEnd(ReplyFold fold, ReplyRecord reply) {
    ReplyRecord end = fold.terminal();
    return end != null
        && reply.event().isSequenced()
        && reply.writer().equals(end.writer())
        && reply.attempt() == end.attempt()
        && reply.requestId().equals(end.requestId());
  }

  private static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> polled, String name) {
    Header header = polled.headers().lastHeader(name);
    return header == null ? null : header.value();
  }

  /** How many answers have not ended. */
  int open() {
    return open.size();
  }

  /** What was read so far of each answer that has not ended, and at least one token of it. */
  Map<Asked, Answer> running() {
    return open.values().stream()
        .filter(log -> log.checkpoint.completionTokens() > 0)
        .collect(Collectors.toMap(log -> log.asked, Log::answer));
  }

  /** What was read so far, by request id. */
  Map<String, Answer> answers() {
    Map<String, Answer> answers = new LinkedHashMap<>();
    logs.forEach((id, log) -> answers.put(id, log.answer()));
    return answers;
  }

  /** The log of an answer as it was read. */
  ReplyCheckpoint log(String requestId) {
    Log log = logs.get(requestId);
    if (log == null) {
      throw new IllegalArgumentException("expected a request that is followed, found " + requestId);
    }
    return log.checkpoint;
  }

  /** Reads everything that there is of answers that have not ended; nobody writes any more. */
  void readToEnd() throws InterruptedException {
    Map<TopicPartition, Long> ends = consumer.endOffsets(open.keySet());
    while (open.keySet().stream()
        .anyMatch(log -> consumer.position(log) < ends.getOrDefault(log, 0L))) {
      poll(POLL);
    }
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
  }
}
