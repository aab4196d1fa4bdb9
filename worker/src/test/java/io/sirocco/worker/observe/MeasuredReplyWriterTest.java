package io.sirocco.worker.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.reply.ReplyLog;
import io.sirocco.worker.reply.ReplyWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class MeasuredReplyWriterTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CompletableFuture<Long> acknowledged = new CompletableFuture<>();
  private long nanos;

  private final ReplyWriter writer = new MeasuredReplyWriter(
      new ReplyWriter() {
        @Override
        public CompletionStage<Void> awaitWritable(ReplyLog log) {
          return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Long> send(ProducerRecord<String, byte[]> reply) {
          return acknowledged;
        }
      },
      registry,
      Tags.empty(),
      () -> nanos);

  @Test
  void latencyEndsWithTheAcknowledgement() {
    CompletionStage<Long> sent = writer.send(reply("delta", "1"));
    assertThat(registry.get("sirocco.publish.latency").timer().count()).isZero();
    nanos = TimeUnit.MILLISECONDS.toNanos(8);
    acknowledged.complete(42L);

    assertThat(registry.get("sirocco.publish.latency").timer().totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(8);
    assertThat(sent).isCompletedWithValue(42L);
    assertThat(count("sirocco.publish.failures")).isZero();
    assertThat(count("sirocco.request.attempts")).isZero();
  }

  @Test
  void aRecordThatFailedIsCountedAndItsFaultHandedOn() {
    CompletionStage<Long> sent = writer.send(reply("delta", "1"));
    acknowledged.completeExceptionally(new IllegalStateException("away"));

    assertThat(count("sirocco.publish.failures")).isOne();
    assertThat(sent.toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void aFirstStartIsAnAttemptAndALaterOneATakeover() {
    writer.send(reply("start", "1"));
    writer.send(reply("start", "2"));

    assertThat(count("sirocco.request.attempts")).isEqualTo(2);
    assertThat(count("sirocco.takeovers")).isOne();
  }

  private static ProducerRecord<String, byte[]> reply(String event, String attempt) {
    ProducerRecord<String, byte[]> reply = new ProducerRecord<>("chat.replies.a.0", new byte[0]);
    reply.headers().add("event", event.getBytes(UTF_8));
    reply.headers().add("attempt", attempt.getBytes(UTF_8));
    return reply;
  }

  private double count(String name) {
    return registry.get(name).counter().count();
  }
}
