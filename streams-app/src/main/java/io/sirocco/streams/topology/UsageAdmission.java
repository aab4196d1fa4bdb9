package io.sirocco.streams.topology;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.usage.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides which records of the usage topic are counted: the same ones whenever history is read.
 *
 * <p>Immutable.
 */
public final class UsageAdmission {
  private final UserRecords<UsageEvent> events;
  private final Duration grace;

  /** @param grace how long ago an event may have ended */
  public UsageAdmission(JsonCodec codec, Duration grace) {
    events = new UserRecords<>(codec, UsageEvent.class, "a usage event", UsageEvent::user);
    this.grace = grace;
  }

  /**
   * Returns the event of a record, which may be a copy.
   *
   * @param nowMillis the clock of the records, so that a replay judges as the first run did
   * @throws RefusedUsageException when it is not to be counted
   */
  public UsageEvent admit(byte @Nullable [] key, byte @Nullable [] value, long nowMillis)
      throws RefusedUsageException {
    UsageEvent event = events.read(key, value);
    Instant now = Instant.ofEpochMilli(nowMillis);
    Instant ended = Instant.ofEpochMilli(event.endedMillis());
    if (ended.isBefore(now.minus(grace))) {
      throw new RefusedUsageException(
          "expected an event that ended at most %s before %s, found one of %s"
              .formatted(grace, now, ended));
    }
    return event;
  }
}
