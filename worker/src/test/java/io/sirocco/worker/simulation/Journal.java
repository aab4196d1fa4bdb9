package io.sirocco.worker.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The last events of a run.
 *
 * <p>Confined to the thread of the simulation.
 */
final class Journal {
  private static final int MOST = 2_000;

  /** Put into words only when somebody reads it. */
  private record Line(long millis, String format, List<Object> values) {}

  private final Deque<Line> lines = new ArrayDeque<>();

  void add(long millis, String format, Object... values) {
    if (lines.size() == MOST) {
      lines.removeFirst();
    }
    lines.add(new Line(millis, format, List.of(values)));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      text.append("%6d ms  ".formatted(line.millis))
          .append(line.format.formatted(line.values.toArray()))
          .append('\n');
    }
    return text.toString();
  }
}
