package io.sirocco.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static io.sirocco.architecture.Conditions.notDependOn;
import static io.sirocco.architecture.Conditions.notUse;
import static io.sirocco.architecture.Conditions.outside;
import static io.sirocco.architecture.Conditions.satisfy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** What holds for every class of the house. */
final class HabitRules {
  private static final List<String> BANNED_SUFFIXES =
      List.of("Impl", "Utils", "Util", "Helper", "Manager", "Base", "Data", "Info");

  private HabitRules() {}

  static List<Rule> of(String root) {
    DescribedPredicate<JavaClass> all = resideInAPackage(root + "..");
    return List.of(
        new Rule(
            all,
            SlicesRuleDefinition.slices()
                .matching(root + ".(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true),
            List.of("cyclic.egg.Egg", "cyclic.hen.Hen")),
        Rule.that(
            all,
            satisfy("live in a @NullMarked package", HabitRules::isNullMarked),
            "unmarked.NotNullMarked"),
        Rule.that(
            all,
            satisfy(
                "have a name that says what they do",
                type -> BANNED_SUFFIXES.stream().noneMatch(type.getSimpleName()::endsWith)),
            BANNED_SUFFIXES.stream()
                .map(suffix -> "habits.BadlyNamed$Token" + suffix)
                .toArray(String[]::new)),
        Rule.that(
            all,
            satisfy("keep no mutable static field", HabitRules::hasOnlyFinalStatics),
            "habits.KeepsStaticState"),
        Rule.that(all, notDependOn("java.util.logging.."), "habits.LogsWithTheJdk"),
        Rule.that(
            outside(root, "embedded..", "benchmarks.."),
            notUse("System.out", "System.err", "System.in", "System.exit"),
            "habits.TalksToTheConsole"),
        // Everybody else is told its settings; the command line hands the environment to the
        // loader.
        Rule.that(
            outside(root, "embedded.."),
            notUse(
                "System.getenv",
                "System.getProperty",
                "System.getProperties",
                "Boolean.getBoolean",
                "Integer.getInteger",
                "Long.getLong"),
            "habits.ReadsTheEnvironment"),
        Rule.that(
            outside(root, "embedded..", "worker.model.torch..", "worker.tokenizer.huggingface.."),
            notUse("System.setProperty", "System.clearProperty"),
            "habits.SetsASystemProperty"),
        Rule.that(
            outside(root, "embedded..", "worker.app.."),
            notUse("System.currentTimeMillis"),
            "habits.AsksTheSystemClock"),
        Rule.that(outside(root, "embedded.."), notUse("Thread.sleep"), "habits.Sleeps"));
  }

  private static boolean isNullMarked(JavaClass type) {
    return type.getPackage()
        .tryGetPackageInfo()
        .map(info -> info.isAnnotatedWith(NullMarked.class))
        .orElse(false);
  }

  private static boolean hasOnlyFinalStatics(JavaClass type) {
    return type.getFields().stream()
        .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
        .allMatch(field -> field.getModifiers().contains(JavaModifier.FINAL));
  }
}
