package io.sirocco.embedded.load;

import java.io.PrintWriter;
import java.util.List;

/**
 * The figures of a run, as {@code --json} prints them.
 *
 * <p>Immutable.
 *
 * @param target who was asked
 * @param prompt how many words prompts had, as the option says it
 * @param output how many tokens answers had, as the option says it
 * @param seed of arrivals, prompts and lengths
 * @param steps one for each load
 */
public record LoadReport(
    String target, String prompt, String output, long seed, List<StepReport> steps) {
  public LoadReport {
    steps = List.copyOf(steps);
  }

  /** Draws latency against load. */
  public void printCharts(PrintWriter out) {
    new LatencyChart("time to first token", StepReport::firstTokenMillis).print(out, steps);
    new LatencyChart("time between tokens", StepReport::betweenTokensMillis).print(out, steps);
    new LatencyChart("end to end", StepReport::endToEndMillis).print(out, steps);
    out.flush();
  }
}
