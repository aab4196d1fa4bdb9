package io.sirocco.streams.reconciliation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Bills held against receipts over a time.
 *
 * <p>Immutable.
 *
 * @param total the sum of all hours; its hour is the first one, or 0
 * @param hours the hours that anything is known of, sorted
 * @param differing requests whose bill and receipt do not agree, sorted by hour
 */
public record Reconciliation(
    @JsonProperty("total") HourCounts total,
    @JsonProperty("hours") List<HourCounts> hours,
    @JsonProperty("differing") List<Row> differing) {

  /**
   * A request whose bill and receipt do not agree.
   *
   * @param request which one
   * @param claims what both sides say
   */
  public record Row(
      @JsonProperty("request") DifferingRequest request,
      @JsonProperty("claims") Difference claims) {}

  /** Returns what follows from hours, of which several may be the same, and from rows. */
  public static Reconciliation of(Collection<HourCounts> counts, List<Row> rows) {
    Map<Long, HourCounts> hours = new TreeMap<>();
    counts.forEach(hour -> hours.merge(hour.startMillis(), hour, HourCounts::plus));
    HourCounts total = hours.values().stream().reduce(HourCounts::plus).orElse(HourCounts.none(0));
    return new Reconciliation(total, List.copyOf(hours.values()), List.copyOf(rows));
  }

  /** Returns what several parts of the users add up to. */
  public static Reconciliation sum(List<Reconciliation> parts) {
    List<HourCounts> hours = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (Reconciliation part : parts) {
      hours.addAll(part.hours);
      rows.addAll(part.differing);
    }
    return of(hours, rows);
  }
}
