package io.sirocco.worker.intake;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a request that workers may have died of away from others: with nobody who would be taken for the
 * cause as well, and at last with nobody at all.
 *
 * <p>Whose answer moved on here is not suspected of anything if the worker dies, and is taken over; so a
 * suspect may run beside such answers. To wait until they have all ended would be to wait for minutes,
 * which is too much to ask of one that was in the wrong workers by chance. The tries that decide whether
 * it is poison are made alone.
 *
 * <p>Confined to the intake thread.
 */
final class Quarantine {
  /** So many writers that took a request up and left nothing make it suspect. */
  static final int SUSPECT_WRITERS = 2;

  /** After so many it is to be in the engine alone. */
  static final int DANGEROUS_WRITERS = 4;

  private final Set<InFlight> inside = new HashSet<>();
  private final Set<InFlight> suspects = new LinkedHashSet<>();
  private @Nullable InFlight watched;

  /**
   * Whether {@code record} may go into the engine now. A suspect that may not keeps out what comes new,
   * or its turn would never come; answers that were begun go on before it.
   */
  boolean admits(InFlight record) {
    InFlight suspect = watched;
    if (suspect != null && !suspect.hasMovedOn()) {
      return suspect == record;
    }
    watched = null;
    if (record.fruitlessWriters() < SUSPECT_WRITERS || record.hasMovedOn()) {
      return suspects.isEmpty() || record.mayBeBegun();
    }
    suspects.add(record);
    return suspects.iterator().next() == record && isHarmless(record);
  }

  private boolean isHarmless(InFlight suspect) {
    return suspect.fruitlessWriters() < DANGEROUS_WRITERS
        ? inside.stream().allMatch(InFlight::hasMovedOn)
        : inside.isEmpty();
  }

  /** Notes that {@code record}, which was admitted, is in the engine. */
  void enter(InFlight record) {
    inside.add(record);
    if (suspects.remove(record)) {
      watched = record;
    }
  }

  /** Notes that nothing more is to be done for {@code record} here. */
  void leave(InFlight record) {
    inside.remove(record);
    suspects.remove(record);
    if (watched == record) {
      watched = null;
    }
  }
}
