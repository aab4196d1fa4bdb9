package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {
  private static final String DEMO = "../models/demo";

  @Test
  void jsonHasTheFiguresOfEveryBatchAndPrompt() throws Exception {
    CommandLineRun run = bench(
        DEMO,
        "--json",
        "--precision",
        "f32",
        "--batch",
        "1,2",
        "--prompt",
        "16,32",
        "--repetitions",
        "2",
        "--threads",
        "1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(1);
    Map<?, ?> figures = new JsonCodec().read(run.out(), Map.class);
    assertThat(member(figures, "device")).isEqualTo("cpu");
    assertThat(member(figures, "precision")).isEqualTo("f32");
    assertThat(member(figures, "threads")).isEqualTo(1);
    assertSpreads(member(figures, "decode"), "1", "2");
    assertSpreads(member(figures, "prefill"), "16", "32");
    assertThat(keys(member(figures, "bytesPerToken"))).containsExactly("1", "2");
    assertThat(keys(member(figures, "bandwidthPercent"))).containsExactly("1", "2");
    assertSpread(member(figures, "bandwidthGBps"));
    assertThat(keys(member(figures, "decodeMatrixPercent"))).containsExactly("1", "2");
    assertThat(keys(member(figures, "prefillMatrixPercent"))).containsExactly("16", "32");
    assertSpread(member(figures, "matrixTflops"));
    Object memory = member(figures, "memory");
    assertThat(number(memory, "privateBytes"))
        .isPositive()
        .isLessThanOrEqualTo(number(memory, "residentBytes"));
  }

  @Test
  void tableNamesWhatWasMeasured() {
    CommandLineRun run = bench(DEMO, "--batch", "1", "--prompt", "16", "--repetitions", "1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "decode, batch 1",
            "prefill, 16 tokens",
            "bf16 on cpu, ",
            "memory bandwidth: ",
            "matrix rate: ")
        .contains("private");
    assertThat(run.err()).contains("measuring decode, batch 1 ...");
  }

  @ParameterizedTest
  @CsvSource({
    "--batch, 0, 1 to 256",
    "--batch, 257, 1 to 256",
    "--batch, -4, 1 to 256",
    "--prompt, 0, 1 or more",
    "--repetitions, 0, 1 to 1000",
    "--threads, 0, 1 or more",
  })
  void numberOutOfItsRangeIsRefused(String option, String value, String expected) {
    CommandLineRun run = bench(DEMO, option + "=" + value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(String.format(
            Locale.ROOT, "sirocco: expected %s of %s, found %s", option, expected, value));
    assertThat(run.out()).isEmpty();
  }

  @Test
  void batchThatIsNoNumberIsNamed() {
    CommandLineRun run = bench(DEMO, "--batch", "1,many");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--batch", "many");
  }

  @Test
  void promptBeyondTheContextIsOneLine() {
    CommandLineRun run = bench(DEMO, "--prompt", "2000");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("expected --prompt of at most 1024 tokens, found 2000");
  }

  @Test
  void folderWithoutAModelIsOneLine(@TempDir Path empty) {
    CommandLineRun run = bench(empty.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("expected a file config.json, found none");
  }

  @Test
  void benchWithoutASubcommandIsRefusedWithTheUsage() {
    CommandLineRun run = CommandLineRun.of("bench");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("Usage: sirocco bench");
  }

  private static CommandLineRun bench(String model, String... more) {
    List<String> args = new ArrayList<>(List.of("bench", "engine", "--model", model));
    args.addAll(Arrays.asList(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  private static void assertSpreads(Object spreads, String... keys) {
    assertThat(keys(spreads)).containsExactly(keys);
    ((Map<?, ?>) spreads).values().forEach(BenchCommandTest::assertSpread);
  }

  private static void assertSpread(Object spread) {
    assertThat(number(spread, "min")).isPositive();
    assertThat(number(spread, "median")).isGreaterThanOrEqualTo(number(spread, "min"));
    assertThat(number(spread, "max")).isGreaterThanOrEqualTo(number(spread, "median"));
  }

  private static List<String> keys(Object map) {
    return ((Map<?, ?>) map).keySet().stream().map(Object::toString).toList();
  }

  private static double number(Object map, String name) {
    return ((Number) member(map, name)).doubleValue();
  }

  private static Object member(Object map, String name) {
    return Objects.requireNonNull(((Map<?, ?>) map).get(name), name);
  }
}
