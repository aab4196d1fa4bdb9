package io.sirocco.streams.topology;

import java.time.Duration;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * Values by key, for at least some time since the key came first, and at most half as long again.
 *
 * <p>A key stands at the end of the slot of time that it came in, and a slot is half the memory long: so
 * it is looked up in three places, each of which is a file of its own that knows which keys it does not
 * have. Looking for it anywhere within the memory takes several times as long.
 *
 * <p>Confined to one stream thread.
 */
final class Memory<K, V> {
  private static final int SLOTS = 2;

  private final WindowStore<K, V> store;
  private final long slotMillis;

  /**
   * @param store keeps what it gets for {@link #retention}
   * @param memory how long it is looked for
   */
  Memory(WindowStore<K, V> store, Duration memory) {
    this.store = store;
    slotMillis = slotMillis(memory);
  }

  /** Returns how long a store must keep its windows. */
  static Duration retention(Duration memory) {
    // Kafka counts the first and the last millisecond.
    return Duration.ofMillis(SLOTS * slotMillis(memory) + 1);
  }

  private static long slotMillis(Duration memory) {
    return memory.toMillis() / SLOTS + 1;
  }

  /**
   * Returns the value of a key and its place in time, or null.
   *
   * @param nowMillis the clock of the records
   */
  @Nullable
  KeyValue<Long, V> find(K key, long nowMillis) {
    long place = placeOf(nowMillis);
    for (int slot = 0; slot <= SLOTS && place > 0; slot++) {
      V value = store.fetch(key, place);
      if (value != null) {
        return KeyValue.pair(place, value);
      }
      place -= slotMillis;
    }
    return null;
  }

  /** Keeps a value from {@code millis} on: now, or where its key was found. */
  void put(K key, V value, long millis) {
    store.put(key, value, placeOf(millis));
  }

  private long placeOf(long millis) {
    return (millis / slotMillis + 1) * slotMillis - 1;
  }
}
