package io.sirocco.architecture;

import static io.sirocco.architecture.Conditions.below;
import static io.sirocco.architecture.Conditions.in;
import static io.sirocco.architecture.Conditions.notDependOn;
import static io.sirocco.architecture.Conditions.onlyDependOn;
import static io.sirocco.architecture.Conditions.outside;
import static io.sirocco.architecture.Conditions.satisfy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import java.util.stream.Stream;

/** Which package of the worker may see which, and which libraries. */
final class WorkerRules {
  /** The packages whose objects belong to one thread each. */
  static final List<String> CONFINED = List.of("engine", "sampling", "kvcache", "offsets");

  private static final String[] PURE = {"java..", "org.jspecify..", "org.slf4j.."};

  private WorkerRules() {}

  static List<Rule> of(String root) {
    String worker = root + ".worker";
    return List.of(
        Rule.that(
            in(root, "worker..")
                .and(outside(
                    worker,
                    "intake..",
                    "closing..",
                    "reply..",
                    "announce..",
                    "follow..",
                    "pricing..",
                    "control..",
                    "usage..",
                    "janitor..",
                    "streams..",
                    "observe..",
                    "app..")),
            notDependOn("org.apache.kafka.."),
            "worker.prompt.ImportsKafka"),
        Rule.that(
            in(root, "worker..").and(outside(worker, "model.torch..", "tokenizer.huggingface..")),
            notDependOn("ai.djl.."),
            "worker.prompt.ImportsDjl"),
        pure(worker, "sampling..", "worker.sampling.ImportsMicrometer"),
        pure(worker, "kvcache..", "worker.kvcache.UsesSampling"),
        pure(worker, "offsets..", "worker.offsets.ImportsJackson"),
        Rule.that(
            in(worker, "model"),
            onlyDependOn(Stream.of(PURE, below(worker, "model", "kvcache"))
                .flatMap(Stream::of)
                .toArray(String[]::new)),
            "worker.model.UsesSampling"),
        pure(worker, "tokenizer", "worker.tokenizer.ImportsJackson"),
        Rule.that(
            in(worker, "bench.."),
            onlyDependOn(
                Stream.of(PURE, below(worker, "bench..", "model", "model.folder", "kvcache"))
                    .flatMap(Stream::of)
                    .toArray(String[]::new)),
            "worker.bench.UsesSampling"),
        Rule.that(
            in(worker, "verify.."),
            onlyDependOn(Stream.of(
                    PURE,
                    below(worker, "verify..", "model", "kvcache", "tokenizer"),
                    new String[] {"tools.jackson.."})
                .flatMap(Stream::of)
                .toArray(String[]::new)),
            "worker.verify.UsesSampling"),
        Rule.that(
            in(worker, "engine.."),
            onlyDependOn(Stream.of(
                    PURE,
                    below(worker, "engine..", "sampling..", "kvcache..", "model", "tokenizer"),
                    new String[] {"io.micrometer.core.."})
                .flatMap(Stream::of)
                .toArray(String[]::new)),
            "worker.engine.UsesContracts"),
        topicOnly(root, "announce..", "worker.announce.UsesSampling"),
        topicOnly(root, "follow..", "worker.follow.UsesSampling"),
        topicOnly(root, "pricing..", "worker.pricing.UsesSampling", "follow.."),
        topicOnly(root, "control..", "worker.control.UsesSampling", "follow.."),
        topicOnly(root, "janitor..", "worker.janitor.UsesSampling"),
        topicOnly(root, "streams..", "worker.streams.UsesSampling", "follow.."),
        Rule.that(
            outside(root, "worker.app..", "embedded..", "benchmarks.."),
            notDependOn(worker + ".app.."),
            "worker.intake.UsesApp"),
        Rule.that(
            outside(root, "worker.app..", "worker.config..", "embedded.."),
            notDependOn(worker + ".config.."),
            "worker.reply.UsesConfig"),
        Rule.that(
            in(root, "worker..").and(outside(worker, "config..")),
            notDependOn(root + ".settings.."),
            "worker.app.UsesSettings"),
        Rule.that(
            in(worker, CONFINED.stream().map(name -> name + "..").toArray(String[]::new)),
            satisfy("be free of synchronized methods", WorkerRules::hasNoSynchronizedMethod),
            "worker.engine.HasSynchronizedMethod"));
  }

  private static Rule pure(String worker, String name, String brokenBy) {
    return Rule.that(
        in(worker, name),
        onlyDependOn(
            Stream.of(PURE, below(worker, name)).flatMap(Stream::of).toArray(String[]::new)),
        brokenBy);
  }

  /** A package that reads or writes a topic of its own, and sees nothing else of the worker but {@code also}. */
  private static Rule topicOnly(String root, String name, String brokenBy, String... also) {
    String worker = root + ".worker";
    return Rule.that(
        in(worker, name),
        onlyDependOn(Stream.of(
                PURE,
                below(worker, name),
                below(worker, also),
                below(root, "contracts.."),
                new String[] {"org.apache.kafka.clients..", "org.apache.kafka.common.."})
            .flatMap(Stream::of)
            .toArray(String[]::new)),
        brokenBy);
  }

  private static boolean hasNoSynchronizedMethod(JavaClass type) {
    return type.getMethods().stream()
        .noneMatch(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED));
  }
}
