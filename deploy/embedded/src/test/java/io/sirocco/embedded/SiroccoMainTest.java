package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SiroccoMainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return SiroccoMain.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void helpNamesTheExitCodesOnStandardOutput() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Usage: sirocco", "Exit codes:");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void versionNamesKafkaAndJava() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString())
        .contains("sirocco ", "Kafka ", "Java " + Runtime.version().feature());
  }

  @Test
  void callWithoutACommandIsRefusedWithTheUsage() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("Usage: sirocco");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void unknownOptionIsNamed() {
    assertThat(run("--no-such-option")).isEqualTo(2);
    assertThat(err.toString()).contains("--no-such-option");
  }

  @Test
  void readmeHasARowForEveryCommand() throws Exception {
    List<String> rows = Files.readString(Path.of("..", "..", "README.md"))
        .lines()
        .filter(line -> line.startsWith("| `"))
        .toList();

    assertThat(SiroccoMain.commandLine().getSubcommands().values())
        .filteredOn(command -> !command.getCommandSpec().usageMessage().hidden())
        .extracting(command -> command.getCommandSpec().name())
        .filteredOn(name -> !name.equals("help"))
        .hasSizeGreaterThan(10)
        .allSatisfy(name -> assertThat(rows)
            .anyMatch(row -> Pattern.compile("`" + name + "[ `]").matcher(row).find()));
  }
}
