package io.sirocco.worker.kvcache;

import java.util.BitSet;
import java.util.OptionalInt;

/**
 * The slots of the key-value cache, and which of them are taken.
 *
 * <p>The lowest free slot is handed out first, so that a half-empty cache stays dense.
 *
 * <p>Confined to the engine thread.
 */
public final class SlotPool {
  private final int slots;
  private final BitSet taken = new BitSet();

  /** Makes a pool of {@code slots} free slots, numbered from 0. */
  public SlotPool(int slots) {
    this.slots = slots;
  }

  /** Takes a slot; empty when none is free. */
  public OptionalInt take() {
    int slot = taken.nextClearBit(0);
    if (slot >= slots) {
      return OptionalInt.empty();
    }
    taken.set(slot);
    return OptionalInt.of(slot);
  }

  /**
   * Gives a slot back.
   *
   * @throws IllegalStateException when it is not taken
   */
  public void release(int slot) {
    if (!taken.get(slot)) {
      throw new IllegalStateException("expected a taken slot, found " + slot + " free");
    }
    taken.clear(slot);
  }
}
