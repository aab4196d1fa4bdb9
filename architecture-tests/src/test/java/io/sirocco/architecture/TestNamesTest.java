package io.sirocco.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test class whose name no runner looks for is a test that never runs. */
class TestNamesTest {
  /** PropertyTest, SimulationTest, TopologyTest, ContractTest and GpuIT end in one of these too. */
  private static final Pattern RUN = Pattern.compile(".*(Test|IT|Benchmark)\\.java");

  private static final Pattern HAS_TESTS = Pattern.compile(
      "^\\s*@(Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Benchmark)\\b",
      Pattern.MULTILINE);
  private static final Pattern ABSTRACT =
      Pattern.compile("^(public )?abstract class ", Pattern.MULTILINE);

  @Test
  void everyTestClassOfTheReactorIsRun() {
    SourceTree reactor = SourceTree.here();

    assertThat(reactor.javaFiles("src/test/java")).isNotEmpty();
    assertThat(neverRun(reactor)).isEmpty();
  }

  @Test
  void everyClassThatRunnersLookForHasTests() {
    assertThat(SourceTree.here().javaFiles("src/test/java").stream()
            .filter(file -> RUN.matcher(file.getFileName().toString()).matches())
            .filter(file -> !isTest(file)))
        .allMatch(TestNamesTest::isSubclass);
  }

  @Test
  void testWithAnotherNameIsFound(@TempDir Path folder) throws IOException {
    write(folder, "LedgerTests.java", "class LedgerTests {\n  @Test\n  void works() {}\n}");

    assertThat(neverRun(new SourceTree(folder))).hasSize(1);
  }

  @Test
  void supportAndAbstractSuitesNeedNoSuffix(@TempDir Path folder) throws IOException {
    write(folder, "Fixture.java", "final class Fixture {}");
    write(folder, "Suite.java", "abstract class Suite {\n  @Test\n  void works() {}\n}");
    write(folder, "LedgerTest.java", "class LedgerTest {\n  @Test\n  void works() {}\n}");
    write(folder, "BrokerGpuIT.java", "class BrokerGpuIT {\n  @Test\n  void works() {}\n}");

    assertThat(neverRun(new SourceTree(folder))).isEmpty();
  }

  private static List<Path> neverRun(SourceTree tree) {
    return tree.javaFiles("src/test/java").stream()
        .filter(TestNamesTest::isTest)
        .filter(file -> !ABSTRACT.matcher(SourceTree.read(file)).find())
        .filter(file -> !RUN.matcher(file.getFileName().toString()).matches())
        .toList();
  }

  private static boolean isTest(Path file) {
    return HAS_TESTS.matcher(SourceTree.read(file)).find();
  }

  private static boolean isSubclass(Path file) {
    return SourceTree.read(file).contains(" extends ");
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Path tests = Files.createDirectories(folder.resolve("src/test/java"));
    Files.writeString(tests.resolve(name), text);
  }
}
