package io.sirocco.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.worker.reply.Delays;
import io.sirocco.worker.reply.LogReading;
import io.sirocco.worker.reply.ReplyLog;
import io.sirocco.worker.reply.ReplyLogReader;
import io.sirocco.worker.reply.ReplyWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reply topics of one partition each, which acknowledge and are read at once.
 *
 * <p>Confined to the thread of a test.
 */
final class ReplyTopicsInMemory implements ReplyWriter, ReplyLogReader, Delays {
  private final Map<String, List<ProducerRecord<String, byte[]>>> topics = new HashMap<>();
  private final List<String> deleted = new ArrayList<>();

  /** Deletes a topic with all that is on it. */
  void delete(String topic) {
    topics.remove(topic);
    deleted.add(topic);
  }

  /** The events of the records on a topic. */
  List<String> events(String topic) {
    return on(topic).stream()
        .map(reply -> String.valueOf(text(reply, Headers.EVENT)))
        .toList();
  }

  /** The body of the last record on a topic. */
  String last(String topic) {
    List<ProducerRecord<String, byte[]>> records = on(topic);
    return new String(records.get(records.size() - 1).value(), UTF_8);
  }

  private List<ProducerRecord<String, byte[]>> on(String topic) {
    return topics.getOrDefault(topic, List.of());
  }

  private static @Nullable String text(ProducerRecord<String, byte[]> reply, String name) {
    byte[] value = header(reply, name);
    return value == null ? null : new String(value, UTF_8);
  }

  private static byte @Nullable [] header(ProducerRecord<String, byte[]> reply, String name) {
    Header header = reply.headers().lastHeader(name);
    return header == null ? null : header.value();
  }

  @Override
  public CompletionStage<Void> awaitWritable(ReplyLog log) {
    return deleted.contains(log.address().topic())
        ? CompletableFuture.failedStage(new UnknownTopicOrPartitionException("deleted"))
        : CompletableFuture.completedStage(null);
  }

  @Override
  public boolean hasRoom() {
    return true;
  }

  @Override
  public CompletionStage<Long> send(ProducerRecord<String, byte[]> reply) {
    List<ProducerRecord<String, byte[]>> records =
        topics.computeIfAbsent(reply.topic(), absent -> new ArrayList<>());
    records.add(reply);
    return CompletableFuture.completedStage(records.size() - 1L);
  }

  @Override
  public CompletionStage<LogReading> read(ReplyLog log, long through) {
    if (deleted.contains(log.address().topic())) {
      return CompletableFuture.completedStage(new LogReading.Gone("deleted"));
    }
    ReplyCheckpoint checkpoint = new ReplyCheckpoint(log.requestId(), new JsonCodec());
    List<ProducerRecord<String, byte[]>> records = on(log.address().topic());
    try {
      for (int offset = (int) log.begin().orElse(0); offset < records.size(); offset++) {
        ProducerRecord<String, byte[]> reply = records.get(offset);
        ReplyRecord decoded =
            ReplyRecord.decode(offset, 0, name -> header(reply, name), reply.value());
        if (decoded != null) {
          checkpoint.accept(decoded);
        }
      }
    } catch (MalformedJsonException e) {
      throw new AssertionError(e);
    }
    return CompletableFuture.completedStage(new LogReading.Found(checkpoint));
  }

  @Override
  public CompletionStage<Void> delay(Duration time) {
    return CompletableFuture.completedStage(null);
  }
}
