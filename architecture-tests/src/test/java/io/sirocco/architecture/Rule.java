package io.sirocco.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;

/**
 * A rule of the house, and the fixtures that break it.
 *
 * <p>Immutable.
 *
 * @param subjects the classes that the rule speaks about
 * @param rule what must hold for them
 * @param brokenBy the names of the fixture classes that break it, below the fixtures' root
 */
record Rule(DescribedPredicate<JavaClass> subjects, ArchRule rule, List<String> brokenBy) {

  /** The rule that {@code condition} holds for each subject; there may be none yet. */
  static Rule that(
      DescribedPredicate<JavaClass> subjects,
      ArchCondition<? super JavaClass> condition,
      String... brokenBy) {
    return new Rule(
        subjects,
        ArchRuleDefinition.classes().that(subjects).should(condition).allowEmptyShould(true),
        List.of(brokenBy));
  }

  @Override
  public String toString() {
    return rule.getDescription();
  }
}
