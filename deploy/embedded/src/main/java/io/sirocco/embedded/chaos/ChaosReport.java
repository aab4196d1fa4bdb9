package io.sirocco.embedded.chaos;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run found.
 *
 * <p>Immutable.
 *
 * @param settings what it was told
 * @param faults what went wrong, and how often
 * @param requests how many answers were asked for
 * @param verdict what was broken
 * @param recovery how long answers stood still
 * @param longestPause the longest time between two pieces of an answer
 */
public record ChaosReport(
    ChaosSettings settings,
    Map<String, Integer> faults,
    int requests,
    Verdict verdict,
    Distribution recovery,
    Duration longestPause) {
  private static final int SHOWN = 20;
  private static final Duration BOUND = ChaosSettings.SESSION_TIMEOUT.plusSeconds(1);

  public ChaosReport {
    faults = Map.copyOf(faults);
  }

  /** Whether every guarantee held. */
  public boolean isClean() {
    return verdict.violations().isEmpty();
  }

  /** Prints the figures, and what was broken. */
  public void print(PrintWriter out) {
    out.printf(
        "mode %s: %d streams, %d workers, %d s, seed %d%n",
        settings.mode().name().toLowerCase(Locale.ROOT),
        settings.streams(),
        settings.workers(),
        settings.length().toSeconds(),
        settings.seed());
    new TreeMap<>(faults).forEach((what, count) -> out.printf("%d times %s%n", count, what));
    out.printf(
        "%d requests, %d tokens delivered (ends of sequence included), %d answers taken over%n",
        requests, verdict.tokens(), verdict.takenOver());
    out.printf("from a fault to the next token: %s%n", recovery);
    if (!recovery.millis().isEmpty()) {
      out.printf(
          "  %d of them above %d ms, the session timeout and a second%n",
          recovery.above(BOUND.toMillis()), BOUND.toMillis());
    }
    out.printf("longest pause between two pieces of an answer: %d ms%n", longestPause.toMillis());
    out.printf(
        "%d answers differ from the undisturbed run at a near tie %s%n",
        verdict.nearTies().size(), verdict.nearTies());
    for (Guarantee guarantee : Guarantee.values()) {
      print(guarantee, out);
    }
    out.println(isClean() ? "no violation" : verdict.violations().size() + " violations");
    out.flush();
  }

  private void print(Guarantee guarantee, PrintWriter out) {
    List<Violation> broken = verdict.violations().stream()
        .filter(violation -> violation.guarantee() == guarantee)
        .toList();
    out.printf("%-6s %s%n", broken.isEmpty() ? "ok" : "BROKEN", guarantee.claim());
    broken.stream()
        .limit(SHOWN)
        .forEach(each -> out.printf("         %s: %s%n", each.requestId(), each.found()));
    if (broken.size() > SHOWN) {
      out.printf("         and %d more%n", broken.size() - SHOWN);
    }
  }
}
