package io.sirocco.worker.control;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.request.ControlCommand;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.worker.follow.TopicFold;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fold of {@code chat.control}: which requests are cancelled. A command counts as soon as it is read,
 * and until its record is as old as the topic keeps any; a record that cannot be read, and a command
 * that this version does not know, are passed over.
 *
 * <p>Confined to the control thread.
 */
public final class ControlRecords implements TopicFold {
  private static final Logger log = LoggerFactory.getLogger(ControlRecords.class);

  private final Cancellations cancellations;
  private final JsonCodec codec = new JsonCodec();

  /** Keeps {@code cancellations}. */
  public ControlRecords(Cancellations cancellations) {
    this.cancellations = cancellations;
  }

  @Override
  public void take(ConsumerRecord<String, byte[]> record) {
    String key = record.key();
    if (key == null) {
      return;
    }
    try {
      take(codec.read(key, RequestKey.class), record.value(), record.timestamp());
    } catch (MalformedJsonException e) {
      log.warn(
          "command ignored, it cannot be read offset={} field={}: {}",
          record.offset(),
          e.field(),
          e.getMessage());
    }
  }

  private void take(RequestKey key, byte @Nullable [] command, long millis)
      throws MalformedJsonException {
    if (command == null) {
      cancellations.remove(key);
    } else if (codec.read(command, ControlCommand.class).cancels()) {
      cancellations.add(key, millis);
    }
  }

  @Override
  public void clear() {
    cancellations.clear();
  }

  /** Nothing waits for it: a request that was begun before its cancel was read is ended after. */
  @Override
  public void caughtUp() {}

  @Override
  public void lost() {
    cancellations.clear();
  }
}
