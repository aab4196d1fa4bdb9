package io.sirocco.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The predicates and conditions of which the rules are made. */
final class Conditions {
  private Conditions() {}

  /** Classes of the packages {@code names} below {@code root}; {@code ..} for their children too. */
  static DescribedPredicate<JavaClass> in(String root, String... names) {
    return resideInAnyPackage(below(root, names));
  }

  /** All classes below {@code root} but those of the packages {@code names}. */
  static DescribedPredicate<JavaClass> outside(String root, String... names) {
    return resideInAPackage(root + "..")
        .and(DescribedPredicate.not(in(root, names)))
        .as("reside outside " + String.join(", ", names));
  }

  static ArchCondition<JavaClass> onlyDependOn(String... packages) {
    return ArchConditions.onlyDependOnClassesThat(resideInAnyPackage(packages));
  }

  static ArchCondition<JavaClass> notDependOn(String... packages) {
    return ArchConditions.onlyDependOnClassesThat(
            DescribedPredicate.not(resideInAnyPackage(packages)))
        .as("not depend on " + String.join(", ", packages));
  }

  /** Forbids the members {@code names}, such as {@code System.out}, whatever their parameters. */
  static ArchCondition<JavaClass> notUse(String... names) {
    return each(
        "not use " + String.join(", ", names),
        type -> type.getAccessesFromSelf().stream()
            .filter(access -> Arrays.asList(names).contains(member(access)))
            .map(JavaAccess::getDescription));
  }

  static ArchCondition<JavaClass> satisfy(String description, Predicate<JavaClass> holds) {
    return each(
        description,
        type -> holds.test(type)
            ? Stream.empty()
            : Stream.of(type.getName() + " does not " + description));
  }

  static String[] below(String root, String... names) {
    return Arrays.stream(names).map(name -> root + "." + name).toArray(String[]::new);
  }

  private static String member(JavaAccess<?> access) {
    return access.getTargetOwner().getSimpleName() + "." + access.getTarget().getName();
  }

  private interface Faults {
    Stream<String> of(JavaClass type);
  }

  private static ArchCondition<JavaClass> each(String description, Faults faults) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        faults.of(type).forEach(fault -> events.add(SimpleConditionEvent.violated(type, fault)));
      }
    };
  }
}
