package io.sirocco.streams.topology;

import io.sirocco.contracts.usage.UsageEvent;
import java.time.Duration;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.WindowStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the first of the events with one id pass.
 *
 * <p>An id is remembered by the time it came, on the clock of the records, and not by the time of the
 * event: so an event that comes late is remembered for as long as any other, and one that is ahead
 * of its time makes the store forget nothing.
 *
 * <p>Confined to one stream thread.
 */
final class Deduplicator implements Processor<String, UsageEvent, String, UsageEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(Deduplicator.class);
  private static final byte[] PRESENT = {1};

  private final Duration memory;

  // Both set by init, which Kafka calls first.
  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<String, UsageEvent> context;

  @SuppressWarnings("NullAway.Init")
  private Memory<String, byte[]> seen;

  Deduplicator(Duration memory) {
    this.memory = memory;
  }

  @Override
  public void init(ProcessorContext<String, UsageEvent> context) {
    this.context = context;
    WindowStore<String, byte[]> store = context.getStateStore(UsageStores.SEEN);
    seen = new Memory<>(store, memory);
  }

  @Override
  public void process(Record<String, UsageEvent> record) {
    String id = record.value().id();
    long now = context.currentStreamTimeMs();
    if (seen.find(id, now) != null) {
      LOG.debug("a copy of usage event {} is not counted", id);
      return;
    }
    seen.put(id, PRESENT, now);
    context.forward(record);
  }
}
