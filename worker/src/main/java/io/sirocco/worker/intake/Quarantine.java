package io.sirocco.worker.intake;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request that workers may have died of into the engine alone: no others are with it until its
 * answer moves on, so that they are not taken for the death of this worker, too.
 *
 * <p>Confined to the intake thread.
 */
final class Quarantine {
  /** So many writers that took a request up and left nothing make it suspect. */
  static final int SUSPECT_WRITERS = 2;

  private final Set<InFlight> inside = new HashSet<>();
  private final Set<InFlight> suspects = new LinkedHashSet<>();
  private @Nullable InFlight alone;

  /**
   * Whether {@code record} may go into the engine now. A suspect that may not keeps out what comes new,
   * or the engine would never be empty; answers that were begun go on before it.
   */
  boolean admits(InFlight record) {
    InFlight first = alone;
    if (first != null && !first.hasMovedOn()) {
      return first == record;
    }
    alone = null;
    if (!record.isSuspect() || record.hasMovedOn()) {
      return suspects.isEmpty() || record.mayBeBegun();
    }
    suspects.add(record);
    return inside.isEmpty() && suspects.iterator().next() == record;
  }

  /** Notes that {@code record}, which was admitted, is in the engine. */
  void enter(InFlight record) {
    inside.add(record);
    if (suspects.remove(record)) {
      alone = record;
    }
  }

  /** Notes that nothing more is to be done for {@code record} here. */
  void leave(InFlight record) {
    inside.remove(record);
    suspects.remove(record);
    if (alone == record) {
      alone = null;
    }
  }
}
