package io.sirocco.worker.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.worker.reply.ReplyLog;
import io.sirocco.worker.reply.ReplyWriter;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Measures how long reply records take, and counts the starts among them.
 *
 * <p>Thread-safe.
 */
final class MeasuredReplyWriter implements ReplyWriter {
  private static final byte[] START = ReplyEvent.START.wireName().getBytes(UTF_8);
  private static final byte[] FIRST = "1".getBytes(UTF_8);

  private final ReplyWriter writer;
  private final LongSupplier nanoTime;
  private final Timer latency;
  private final Counter failures;
  private final Counter attempts;
  private final Counter takeovers;

  MeasuredReplyWriter(
      ReplyWriter writer, MeterRegistry registry, Tags tags, LongSupplier nanoTime) {
    this.writer = writer;
    this.nanoTime = nanoTime;
    latency = Timer.builder("sirocco.publish.latency")
        .tags(tags)
        .description("From sending a reply record to its acknowledgement")
        .register(registry);
    failures = counter(
        registry, tags, "sirocco.publish.failures", "Reply records that were not acknowledged");
    attempts = counter(registry, tags, "sirocco.request.attempts", "Starts written");
    takeovers = counter(
        registry,
        tags,
        "sirocco.takeovers",
        "Of those, the ones of an answer that was begun before");
  }

  private static Counter counter(
      MeterRegistry registry, Tags tags, String name, String description) {
    return Counter.builder(name).tags(tags).description(description).register(registry);
  }

  @Override
  public CompletionStage<Void> awaitWritable(ReplyLog log) {
    return writer.awaitWritable(log);
  }

  @Override
  public boolean hasRoom() {
    return writer.hasRoom();
  }

  @Override
  public CompletionStage<Long> send(ProducerRecord<String, byte[]> reply) {
    if (is(reply, Headers.EVENT, START)) {
      attempts.increment();
      takeovers.increment(is(reply, Headers.ATTEMPT, FIRST) ? 0 : 1);
    }
    long begunNanos = nanoTime.getAsLong();
    return writer.send(reply).whenComplete((offset, fault) -> {
      latency.record(nanoTime.getAsLong() - begunNanos, TimeUnit.NANOSECONDS);
      failures.increment(fault == null ? 0 : 1);
    });
  }

  private static boolean is(ProducerRecord<String, byte[]> reply, String name, byte[] value) {
    Header header = reply.headers().lastHeader(name);
    return header != null && Arrays.equals(header.value(), value);
  }
}
