package io.sirocco.embedded;

import io.sirocco.embedded.load.Load;
import io.sirocco.embedded.load.LoadProgress;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows on a terminal how far a step of a load is: one line, which is written over.
 *
 * <p>Confined to the main thread.
 */
final class LoadDisplay implements LoadProgress {
  private static final int WIDTH = 20;

  private final PrintWriter out;
  private int shown;

  LoadDisplay(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void step(Load load, double part, int ended, int open) {
    int done = (int) Math.round(part * WIDTH);
    String line = String.format(
        Locale.ROOT,
        "%s [%s%s] %d answers, %d open",
        load.label(),
        "#".repeat(done),
        ".".repeat(WIDTH - done),
        ended,
        open);
    out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
    out.flush();
    shown = line.length();
  }

  /** Removes the line. */
  void clear() {
    out.print("\r" + " ".repeat(shown) + "\r");
    out.flush();
    shown = 0;
  }
}
