package io.sirocco.embedded.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChaosReportTest {
  private static final ChaosSettings SETTINGS = new ChaosSettings(
      ChaosMode.KILL, 12, 2, Duration.ofSeconds(10), 7, Path.of("demo"), Duration.ZERO, 0);

  @Test
  void figuresAndGuaranteesAreSaid() {
    ChaosReport report = report(new Verdict(List.of(), List.of("r-3"), 900, 4));

    assertThat(report.isClean()).isTrue();
    assertThat(printed(report))
        .contains(
            "mode kill: 12 streams, 2 workers, 10 s, seed 7\n",
            "5 times kill -9 of a worker\n",
            "20 requests, 900 tokens delivered (ends of sequence included), 4 answers taken over\n",
            "from a fault to the next token: 2 times, min 3100, median 3100,",
            "1 of them above 4000 ms",
            "longest pause between two pieces of an answer: 4321 ms\n",
            "1 answers differ from the undisturbed run at a near tie [r-3]\n",
            "ok     every request has one committed usage event\n")
        .endsWith("no violation\n")
        .doesNotContain("BROKEN");
  }

  @Test
  void violationsAreNamedWithTheirRequestsAndTheRestIsCounted() {
    List<Violation> many = IntStream.range(0, 25)
        .mapToObj(i -> new Violation(Guarantee.BILLED_ONCE, "r-" + i, "found 2"))
        .toList();
    ChaosReport report = report(new Verdict(many, List.of(), 900, 4));

    assertThat(report.isClean()).isFalse();
    assertThat(printed(report))
        .contains(
            "BROKEN every request has one committed usage event\n",
            "r-0: found 2\n",
            "r-19: found 2\n",
            "and 5 more\n")
        .endsWith("25 violations\n")
        .doesNotContain("r-20");
  }

  private static ChaosReport report(Verdict verdict) {
    return new ChaosReport(
        SETTINGS,
        Map.of("kill -9 of a worker", 5),
        20,
        verdict,
        new Distribution(List.of(3_100L, 4_001L)),
        Duration.ofMillis(4_321));
  }

  private static String printed(ChaosReport report) {
    StringWriter out = new StringWriter();
    report.print(new PrintWriter(out));
    return out.toString();
  }
}
