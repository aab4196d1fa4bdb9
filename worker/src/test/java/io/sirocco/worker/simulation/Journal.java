package io.sirocco.worker.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last events of a run. */
final class Journal {
  private static final int MOST = 2_000;

  private record Line(long millis, String what) {}

  private final Deque<Line> lines = new ArrayDeque<>();

  void add(long millis, String what) {
    if (lines.size() == MOST) {
      lines.removeFirst();
    }
    lines.add(new Line(millis, what));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append("%6d ms  %s%n".formatted(line.millis, line.what)));
    return text.toString();
  }
}
