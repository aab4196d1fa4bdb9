package io.sirocco.streams.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.usage.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes usage events. What cannot be counted goes to the dead letters as it came, with a reason:
 * nothing that somebody may have to pay for is dropped.
 *
 * <p>Confined to one stream thread.
 */
final class UsageIntake implements Processor<byte @Nullable [], byte @Nullable [], Object, Object> {
  private static final Logger LOG = LoggerFactory.getLogger(UsageIntake.class);

  private final JsonCodec codec;
  private final Duration grace;
  private final String next;
  private final String deadLetters;

  // Set by init, which Kafka calls first.
  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<Object, Object> context;

  /**
   * @param grace how long ago an event may have ended
   * @param next the name of the node that takes events, by user
   * @param deadLetters the name of the node that takes what is refused
   */
  UsageIntake(JsonCodec codec, Duration grace, String next, String deadLetters) {
    this.codec = codec;
    this.grace = grace;
    this.next = next;
    this.deadLetters = deadLetters;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    this.context = context;
  }

  @Override
  public void process(Record<byte @Nullable [], byte @Nullable []> record) {
    UsageEvent event;
    try {
      event = decode(record.key(), record.value());
    } catch (RefusedUsageException e) {
      DeadLetter letter = DeadLetter.of(record, context.recordMetadata(), e);
      LOG.warn("the usage event at {} is not counted: {}", letter.origin(), e.getMessage());
      context.forward(letter.record(), deadLetters);
      return;
    }
    context.forward(new Record<>(event.user(), event, record.timestamp()), next);
  }

  private UsageEvent decode(byte @Nullable [] key, byte @Nullable [] value)
      throws RefusedUsageException {
    if (value == null) {
      throw new RefusedUsageException("expected a usage event, found no value");
    }
    UsageEvent event;
    try {
      event = codec.read(value, UsageEvent.class);
    } catch (MalformedJsonException e) {
      String field = e.field() == null || e.field().isEmpty() ? "" : e.field() + ": ";
      throw new RefusedUsageException(field + e.getMessage());
    }
    // One user's events must meet in one partition, else two tasks would write two partial totals.
    if (key == null || !new String(key, UTF_8).equals(event.user())) {
      throw new RefusedUsageException("expected the event's user as key, found another");
    }
    // By the clock of the records, so that a replay judges as the first run did.
    Instant now = Instant.ofEpochMilli(context.currentStreamTimeMs());
    Instant ended = Instant.ofEpochMilli(event.endedMillis());
    if (ended.isBefore(now.minus(grace))) {
      throw new RefusedUsageException(
          "expected an event that ended at most %s before %s, found one of %s"
              .formatted(grace, now, ended));
    }
    return event;
  }
}
