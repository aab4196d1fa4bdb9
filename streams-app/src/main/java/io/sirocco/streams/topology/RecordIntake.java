package io.sirocco.streams.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes records about users. What cannot be taken goes to the dead letters as it came, with a
 * reason: nothing that somebody may have to pay for is dropped.
 *
 * <p>Confined to one stream thread.
 */
final class RecordIntake<T>
    implements Processor<byte @Nullable [], byte @Nullable [], Object, Object> {
  /** Makes a value of a record. */
  @FunctionalInterface
  interface Decoder<T> {
    /** Returns the value; {@code nowMillis} is the clock of the records. */
    T decode(byte @Nullable [] key, byte @Nullable [] value, long nowMillis)
        throws RefusedUsageException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(RecordIntake.class);

  private final Decoder<T> decoder;
  private final String next;
  private final String deadLetters;

  // Set by init, which Kafka calls first.
  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<Object, Object> context;

  /**
   * @param next the name of the node that takes values
   * @param deadLetters the name of the node that takes what is refused
   */
  RecordIntake(Decoder<T> decoder, String next, String deadLetters) {
    this.decoder = decoder;
    this.next = next;
    this.deadLetters = deadLetters;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    this.context = context;
  }

  @Override
  public void process(Record<byte @Nullable [], byte @Nullable []> record) {
    T value;
    try {
      value = decoder.decode(record.key(), record.value(), context.currentStreamTimeMs());
    } catch (RefusedUsageException e) {
      DeadLetter letter = DeadLetter.of(record, context.recordMetadata(), e);
      LOG.warn("the record at {} is not counted: {}", letter.origin(), e.getMessage());
      context.forward(letter.record(), deadLetters);
      return;
    }
    // Its user, as the decoder has seen to.
    String user = new String(requireNonNull(record.key(), "key"), UTF_8);
    context.forward(new Record<>(user, value, record.timestamp()), next);
  }
}
