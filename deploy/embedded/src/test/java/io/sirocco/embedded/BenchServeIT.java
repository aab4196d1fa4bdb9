package io.sirocco.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The load generator, for a second at a time, on a whole system. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class BenchServeIT {
  private EmbeddedSirocco sirocco;

  @BeforeAll
  void start() throws Exception {
    sirocco = DemoSystem.start();
  }

  @AfterAll
  void stop() {
    sirocco.close();
  }

  private static CommandLineRun serve(String... more) {
    Stream<String> args =
        Stream.of("bench", "serve", "--seconds", "1", "--prompt", "~8", "--output", "4-8");
    return CommandLineRun.of(Stream.concat(args, Stream.of(more)).toArray(String[]::new));
  }

  private static void assertMeasured(CommandLineRun run, String... loads) {
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode steps = new JsonMapper().readTree(run.out()).path("steps");
    assertThat(steps.size()).isEqualTo(loads.length);
    for (int i = 0; i < loads.length; i++) {
      JsonNode step = steps.get(i);
      assertThat(step.path("load").asString()).isEqualTo(loads[i]);
      assertThat(step.path("answers").asInt()).as(run.out()).isPositive();
      assertThat(step.path("errors").isEmpty()).as(run.out()).isTrue();
      assertThat(step.path("tokensPerSecond").asDouble()).isPositive();
      double first = step.path("firstTokenMillis").path("p50").asDouble();
      assertThat(first).isPositive();
      assertThat(step.path("endToEndMillis").path("p50").asDouble()).isGreaterThan(first);
      assertThat(step.path("completionTokens").asInt())
          .isBetween(4 * step.path("answers").asInt(), 8 * step.path("answers").asInt());
    }
  }

  @Test
  void gatewayIsMeasuredAtEachConcurrency() {
    String url = requireNonNull(sirocco.gateway()).toString();

    assertMeasured(serve("--url", url, "--concurrency", "1,3", "--json"), "1 at once", "3 at once");
  }

  @Test
  void kafkaIsMeasuredUnderRequestsThatComeAtRandom() {
    assertMeasured(
        serve("--bootstrap-server", sirocco.bootstrapServers(), "--rate", "20", "--json"), "20/s");
  }

  @Test
  void tableAndChartsAreForPeople() {
    CommandLineRun run = serve(
        "--bootstrap-server", sirocco.bootstrapServers(), "--concurrency", "2", "--model", "demo");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("tokens/s", "first token ms", "2 at once", "time to first token: # to p50");
    assertThat(run.err()).contains("measuring 2 at once ...");
  }

  @Test
  void errorsOfTheSystemAreTold() {
    CommandLineRun run =
        serve("--url", requireNonNull(sirocco.gateway()).toString(), "--model", "nobody", "--json");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("found: model_not_found");
  }
}
