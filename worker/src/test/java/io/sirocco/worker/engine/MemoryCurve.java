package io.sirocco.worker.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The private memory of this process over the steps of a soak; Linux only. Pages that are as they are
 * in a file do not count: those of a library are private while no other process has it open.
 */
final class MemoryCurve {
  private static final Path ROLLUP = Path.of("/proc/self/smaps_rollup");
  private static final Pattern PRIVATE = Pattern.compile("(?m)^Private_Dirty:\\s+(\\d+) kB$");

  private final List<Point> points = new ArrayList<>();

  /** The memory after so many steps. */
  record Point(long step, double privateMebibytes) {}

  static boolean isSupported() {
    return Files.isReadable(ROLLUP);
  }

  /** Notes what is taken now. */
  void note(long step) throws IOException {
    long kibibytes = 0;
    Matcher matcher = PRIVATE.matcher(Files.readString(ROLLUP));
    if (matcher.find()) {
      kibibytes = Long.parseLong(matcher.group(1));
    }
    points.add(new Point(step, kibibytes / 1024.0));
  }

  /**
   * By how much the least of the last quarter exceeds that of the quarter before it, in MiB: what
   * compilers and allocators take for a while is given back, and a leak is not.
   */
  double growth() {
    int quarter = points.size() / 4;
    return least(points.size() - quarter, points.size())
        - least(points.size() - 2 * quarter, points.size() - quarter);
  }

  private double least(int from, int to) {
    return points.subList(from, to).stream()
        .mapToDouble(Point::privateMebibytes)
        .min()
        .orElseThrow();
  }

  @Override
  public String toString() {
    StringBuilder table = new StringBuilder("| step | private MiB |\n|---:|---:|\n");
    points.forEach(
        point -> table.append("| %d | %.1f |%n".formatted(point.step(), point.privateMebibytes())));
    return table.toString();
  }
}
