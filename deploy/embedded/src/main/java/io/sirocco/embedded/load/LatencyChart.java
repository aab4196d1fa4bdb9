package io.sirocco.embedded.load;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A picture of latency against load: a bar for each step, to its median, its 95th and its 99th
 * percentile.
 *
 * <p>Immutable.
 */
final class LatencyChart {
  private static final int WIDTH = 50;

  private final String title;
  private final Function<StepReport, @Nullable Quantiles> latency;

  LatencyChart(String title, Function<StepReport, @Nullable Quantiles> latency) {
    this.title = title;
    this.latency = latency;
  }

  void print(PrintWriter out, List<StepReport> steps) {
    double most = 0;
    int labelWidth = 0;
    for (StepReport step : steps) {
      Quantiles quantiles = latency.apply(step);
      most = Math.max(most, quantiles == null ? 0 : quantiles.p99());
      labelWidth = Math.max(labelWidth, step.load().length());
    }
    out.printf(Locale.ROOT, "%n%s: # to p50, = to p95, - to p99%n", title);
    for (StepReport step : steps) {
      Quantiles quantiles = latency.apply(step);
      out.printf(
          Locale.ROOT,
          "  %-" + labelWidth + "s |%s%n",
          step.load(),
          quantiles == null
              ? " no answer"
              : bar(quantiles, most) + String.format(Locale.ROOT, " %.1f ms", quantiles.p99()));
    }
  }

  private static String bar(Quantiles quantiles, double most) {
    int p50 = columns(quantiles.p50(), most);
    int p95 = columns(quantiles.p95(), most);
    int p99 = columns(quantiles.p99(), most);
    return "#".repeat(p50) + "=".repeat(p95 - p50) + "-".repeat(p99 - p95);
  }

  /** Something is at least one column wide. */
  private static int columns(double millis, double most) {
    return most == 0 ? 0 : Math.max(1, (int) Math.round(millis / most * WIDTH));
  }
}
