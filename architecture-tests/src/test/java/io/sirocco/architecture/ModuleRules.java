package io.sirocco.architecture;

import static io.sirocco.architecture.Conditions.below;
import static io.sirocco.architecture.Conditions.in;
import static io.sirocco.architecture.Conditions.notDependOn;
import static io.sirocco.architecture.Conditions.onlyDependOn;
import static io.sirocco.architecture.Conditions.outside;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.util.List;
import java.util.stream.Stream;

/** Which module may see which. A new module needs a line here. */
final class ModuleRules {
  /** The modules by their package below the root. */
  static final List<String> MODULES = List.of(
      "contracts",
      "settings",
      "client",
      "worker",
      "streams",
      "gateway",
      "broker",
      "testkit",
      "embedded",
      "benchmarks");

  private ModuleRules() {}

  static List<Rule> of(String root) {
    return List.of(
        Rule.that(
            in(root, "contracts.."),
            onlyDependOn(plus(
                below(root, "contracts.."),
                "java..",
                "org.jspecify..",
                "com.fasterxml.jackson.annotation..",
                "tools.jackson..")),
            "contracts.ImportsKafka",
            "contracts.UsesClient"),
        // So that users of another Jackson can read the records.
        Rule.that(
            in(root, "contracts..").and(DescribedPredicate.not(in(root, "contracts.json.."))),
            notDependOn("tools.jackson.."),
            "contracts.chat.ImportsJackson"),
        Rule.that(
            in(root, "client.."),
            onlyDependOn(plus(
                below(root, "client..", "contracts.."),
                "java..",
                "org.jspecify..",
                "org.slf4j..",
                "org.apache.kafka.clients..",
                "org.apache.kafka.common..")),
            "client.ImportsDjl",
            "client.UsesWorker"),
        sees(root, "settings", List.of(), "settings.UsesContracts"),
        // One library reads files of settings, and only one module knows which.
        Rule.that(
            outside(root, "settings.."),
            notDependOn("io.smallrye..", "org.eclipse.microprofile.."),
            "embedded.ImportsConfigLibrary"),
        sees(root, "worker", List.of("contracts", "settings"), "worker.intake.UsesClient"),
        sees(root, "streams", List.of("contracts"), "streams.UsesWorker"),
        // So that a client can say what an answer cost, by the same arithmetic as the bill.
        Rule.that(
            in(root, "streams.pricing.."),
            onlyDependOn(plus(
                below(root, "streams.pricing..", "contracts.."),
                "java..",
                "org.jspecify..",
                "com.fasterxml.jackson.annotation..")),
            "streams.pricing.ImportsKafka"),
        sees(root, "gateway", List.of("contracts", "client"), "gateway.UsesWorker"),
        sees(root, "broker", List.of(), "broker.UsesContracts"),
        sees(root, "testkit", List.of("contracts", "broker"), "testkit.UsesWorker"),
        sees(
            root,
            "embedded",
            List.of("contracts", "settings", "client", "worker", "streams", "gateway", "broker"),
            "embedded.UsesTestkit"),
        sees(
            root,
            "benchmarks",
            List.of("contracts", "client", "worker", "streams", "gateway", "broker"),
            "benchmarks.UsesTestkit"));
  }

  /** Of the project's modules, {@code module} sees itself and {@code others}; of libraries any. */
  private static Rule sees(String root, String module, List<String> others, String brokenBy) {
    String[] visible = Stream.concat(Stream.of(module), others.stream())
        .map(name -> name + "..")
        .toArray(String[]::new);
    DescribedPredicate<JavaClass> hidden = outside(root, visible);
    return Rule.that(
        in(root, module + ".."),
        ArchConditions.onlyDependOnClassesThat(DescribedPredicate.not(hidden))
            .as("see no module but " + others),
        brokenBy);
  }

  private static String[] plus(String[] own, String... libraries) {
    return Stream.of(own, libraries).flatMap(Stream::of).toArray(String[]::new);
  }
}
