package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchServeCommandTest {
  private static final String URL = "http://127.0.0.1:9/v1";

  private static CommandLineRun serve(String... more) {
    List<String> args = new ArrayList<>(List.of("bench", "serve"));
    args.addAll(Arrays.asList(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--concurrency | 0 | expected --concurrency of 1 to 1024, found 0",
        "--concurrency | 4,1025 | expected --concurrency of 1 to 1024, found 1025",
        "--rate | 0 | expected --rate of above 0 and at most 10000, found 0.0",
        "--seconds | 0 | expected --seconds of 1 or more, found 0",
        "--prompt | none | --prompt: expected lengths such as 64, 16-256 or ~64, found 'none'",
        "--output | 9-3 | --output: expected lengths such as 64, 16-256 or ~64, found '9-3'"
      })
  void valueOutOfItsRangeIsRefused(String option, String value, String expected) {
    CommandLineRun run = serve("--url", URL, option + "=" + value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("sirocco: " + expected);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void oneTargetAndOneKindOfLoadAreWanted() {
    assertThat(serve().exitCode()).isEqualTo(2);
    assertThat(serve("--url", URL, "--bootstrap-server", "127.0.0.1:9").exitCode())
        .isEqualTo(2);
    assertThat(serve("--url", URL, "--rate", "1", "--concurrency", "1").exitCode())
        .isEqualTo(2);
    assertThat(serve("--url", "http://127.0.0.1:9").exitCode()).isEqualTo(2);
    assertThat(serve("--url", "elsewhere").err())
        .startsWith("sirocco: expected --url such as http://127.0.0.1:8080/v1, found elsewhere");
  }

  @Test
  void gatewayThatIsNotThereIsOneLine() {
    CommandLineRun run = serve("--url", URL);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().strip())
        .isEqualTo("sirocco: expected an answer from " + URL + ", found: connection_failed");
  }
}
