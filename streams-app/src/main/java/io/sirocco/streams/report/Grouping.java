package io.sirocco.streams.report;

import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowTotals;
import java.util.EnumSet;
import java.util.Set;

/**
 * What rows of a report are kept apart by.
 *
 * <p>Immutable.
 *
 * @param parts none for a single sum
 */
public record Grouping(Set<Part> parts) {
  /** Something that rows differ in. */
  public enum Part {
    /** Who pays. */
    USER,
    /** The model that answered. */
    MODEL,
    /** The window. */
    WINDOW
  }

  /** Every row by itself. */
  public static final Grouping FULL = new Grouping(EnumSet.allOf(Part.class));

  public Grouping {
    parts = Set.copyOf(parts);
  }

  /** Returns the group that a row belongs to, without totals. */
  UsageGroup of(WindowTotals row) {
    boolean window = parts.contains(Part.WINDOW);
    return new UsageGroup(
        parts.contains(Part.USER) ? row.user() : null,
        parts.contains(Part.MODEL) ? row.model() : null,
        window ? row.startMillis() : null,
        window ? row.endMillis() : null,
        UsageTotals.ZERO);
  }
}
