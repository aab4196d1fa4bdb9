package io.sirocco.embedded.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.json.JsonCodec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StepReportTest {
  private static final long MILLI = 1_000_000;

  private final AtomicLong clock = new AtomicLong();

  private static ChatChunk chunk(@Nullable String text, @Nullable Usage usage) {
    List<ChatChunk.Choice> choices = text == null
        ? List.of()
        : List.of(new ChatChunk.Choice(0, new ChatChunk.Delta(null, text), null));
    return new ChatChunk("chatcmpl-x", ChatChunk.OBJECT, 0, "demo", choices, usage);
  }

  /** An answer that was due at 0, of pieces at these milliseconds; complete at the last of them. */
  private Reading reading(long... millis) {
    Reading reading = new Reading(clock::get, 0);
    reading.chunk(chunk("", null));
    for (long at : millis) {
      clock.set(at * MILLI);
      reading.chunk(chunk("x", null));
    }
    reading.chunk(chunk(null, Usage.of(5, millis.length)));
    reading.end();
    return reading;
  }

  private Reading failed(String code) {
    Reading reading = new Reading(clock::get, 0);
    reading.fail(code);
    return reading;
  }

  @Test
  void timesCountFromWhenTheRequestWasDueToItsText() {
    StepReport report =
        StepReport.of(new Load.Open(2.5), 0, List.of(reading(100, 150, 250), reading(300, 500)));

    assertThat(report.load()).isEqualTo("2.5/s");
    assertThat(report.firstTokenMillis()).isEqualTo(new Quantiles(100, 300, 300));
    assertThat(report.betweenTokensMillis()).isEqualTo(new Quantiles(100, 200, 200));
    assertThat(report.endToEndMillis()).isEqualTo(new Quantiles(250, 500, 500));
    assertThat(report.seconds()).isEqualTo(0.5);
    assertThat(report.tokensPerSecond()).isEqualTo(10);
    assertThat(report.promptTokens()).isEqualTo(10);
  }

  @Test
  void failuresAreCountedByTheirCodeAndNotTimed() {
    StepReport report = StepReport.of(
        new Load.Closed(3), 0, List.of(failed("http_500"), failed("http_500"), failed("x")));

    assertThat(report.answers()).isZero();
    assertThat(report.failed()).isEqualTo(3);
    assertThat(report.errors()).isEqualTo(Map.of("http_500", 2, "x", 1));
    assertThat(report.firstTokenMillis()).isNull();
    assertThat(new JsonCodec().write(report)).contains("\"firstTokenMillis\":null");
  }

  @Test
  void quantileIsTheLeastThatSoManyDoNotExceed() {
    List<Long> nanos =
        LongStream.rangeClosed(1, 200).map(i -> i * MILLI).boxed().toList();

    assertThat(Quantiles.of(nanos)).isEqualTo(new Quantiles(100, 190, 198));
    assertThat(Quantiles.of(List.of())).isNull();
  }

  @Test
  void barsGrowWithTheLatency() {
    StepReport quick = StepReport.of(new Load.Closed(1), 0, List.of(reading(100)));
    StepReport slow = StepReport.of(new Load.Closed(16), 0, List.of(reading(200), reading(400)));
    StepReport none = StepReport.of(new Load.Closed(64), 0, List.of());
    StringWriter out = new StringWriter();

    new LatencyChart("end to end", StepReport::endToEndMillis)
        .print(new PrintWriter(out, true), List.of(quick, slow, none));

    assertThat(out.toString().lines())
        .containsExactly(
            "",
            "end to end: # to p50, = to p95, - to p99",
            "  1 at once  |" + "#".repeat(13) + " 100.0 ms",
            "  16 at once |" + "#".repeat(25) + "=".repeat(25) + " 400.0 ms",
            "  64 at once | no answer");
  }
}
