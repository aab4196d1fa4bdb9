package io.sirocco.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private static final String ROOT = "io.sirocco";
  private static final String FIXTURES = "io.sirocco.architecture.fixture";

  /** A host of nested fixtures, and a fixture that only its source tells. */
  private static final List<String> NO_BYTECODE_RULE =
      List.of("habits.BadlyNamed", "worker.engine.HasSynchronizedBlock");

  private static final JavaClasses PRODUCT = new ClassFileImporter()
      .withImportOption(location -> !location.contains("io/sirocco/architecture/"))
      .withImportOption(location -> !location.contains("/jmh_generated/"))
      .importPackages(ROOT);
  private static final JavaClasses BROKEN = new ClassFileImporter().importPackages(FIXTURES);

  static Stream<Rule> productRules() {
    return rules(ROOT);
  }

  @ParameterizedTest
  @MethodSource("productRules")
  void houseKeepsTheRule(Rule rule) {
    rule.rule().check(PRODUCT);
  }

  static Stream<Rule> fixtureRules() {
    return rules(FIXTURES);
  }

  @ParameterizedTest
  @MethodSource("fixtureRules")
  void ruleRejectsItsFixturesAndNothingElse(Rule rule) {
    List<String> faults = rule.rule().evaluate(BROKEN).getFailureReport().getDetails();
    List<String> fixtures =
        rule.brokenBy().stream().map(name -> FIXTURES + "." + name).toList();

    assertThat(fixtures)
        .allSatisfy(fixture -> assertThat(faults).anyMatch(fault -> fault.contains(fixture)));
    assertThat(faults).allMatch(fault -> fixtures.stream().anyMatch(fault::contains));
  }

  @ParameterizedTest
  @MethodSource("productRules")
  void ruleSpeaksAboutClassesThatExist(Rule rule) {
    // The wiring is written last: before it is there, a rule may be ahead of its classes.
    assumeThat(PRODUCT).anyMatch(type -> type.getPackageName().equals(ROOT + ".worker.app"));

    assertThat(PRODUCT).anyMatch(rule.subjects());
  }

  @Test
  void everyModuleHasARule() {
    assertThat(PRODUCT)
        .isNotEmpty()
        .extracting(type -> type.getPackageName().split("\\.", 4)[2])
        .isSubsetOf(ModuleRules.MODULES);
  }

  @Test
  void everyFixtureBreaksARuleOrServesOneThatDoes() {
    TreeSet<String> named = new TreeSet<>();
    fixtureRules().forEach(rule -> named.addAll(rule.brokenBy()));

    assertThat(BROKEN)
        .extracting(JavaClass::getName)
        .map(name -> name.substring(FIXTURES.length() + 1))
        .filteredOn(name -> !name.endsWith("Innocent") && !name.endsWith("package-info"))
        .filteredOn(name -> !NO_BYTECODE_RULE.contains(name))
        .containsExactlyInAnyOrderElementsOf(named);
  }

  private static Stream<Rule> rules(String root) {
    return Stream.of(ModuleRules.of(root), WorkerRules.of(root), HabitRules.of(root))
        .flatMap(List::stream);
  }
}
