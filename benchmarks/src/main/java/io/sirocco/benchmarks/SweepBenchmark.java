package io.sirocco.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.app.RunningJanitor;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.janitor.JanitorSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/**
 * Whether any reply topic is left of many requests, of which one in ten is asked by a client that never
 * tidies up, as if it had crashed.
 *
 * <pre>SweepBenchmark MODEL_FOLDER [REQUESTS]</pre>
 */
final class SweepBenchmark {
  private static final String MODEL = "echo";
  private static final int SLOTS = 64;
  private static final int CONTEXT = 256;
  private static final int AT_ONCE = 50;
  private static final int BETWEEN_LINES = 500;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration AGE = Duration.ofSeconds(5);

  private SweepBenchmark() {}

  /** Starts the benchmark. */
  public static void main(String[] args) throws Exception {
    int requests = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
    ServedModel served = new MeasuredModel(Path.of(args[0]), 1).loadServed(1, CONTEXT);
    int vocabulary = served.causalModel().shape().vocabularySize();
    served.causalModel().close();
    EmbeddedKafka broker = EmbeddedKafka.start(EmbeddedKafkaSettings.defaults());
    Worker.start(
        WorkerSettings.of(broker.bootstrapServers(), MODEL).withPartitions(4),
        new ServedModel(
            new InstantModel(SLOTS, CONTEXT, vocabulary),
            served.tokenizer(),
            served.prompts(),
            served.endIds()),
        new SimpleMeterRegistry(),
        fault -> Runtime.getRuntime().halt(1));
    long begun = System.nanoTime();
    SiroccoClient crashed = client(broker, "crashed", Duration.ofDays(1));
    try (SiroccoClient tidy = client(broker, "tidy", Duration.ZERO)) {
      for (int asked = 0; asked < requests; asked += AT_ONCE) {
        List<ReplyStream> answers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          answers.add((i % 10 == 0 ? crashed : tidy).submit(request(asked + i)));
        }
        answers.forEach(answer -> answer.await(PATIENCE));
        if ((asked + AT_ONCE) % BETWEEN_LINES == 0) {
          System.out.printf(
              "%d answered after %.1f s%n", asked + AT_ONCE, (System.nanoTime() - begun) / 1e9);
        }
      }
    }
    System.out.printf("%d requests in %.1f s%n", requests, (System.nanoTime() - begun) / 1e9);
    sweep(broker.bootstrapServers());
    Runtime.getRuntime().halt(0); // The client that never tidies up does not do it now.
  }

  private static void sweep(String bootstrapServers) throws Exception {
    Map<String, String> kafka = Map.of("bootstrap.servers", bootstrapServers);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (Admin admin = Admin.create(Map.copyOf(kafka))) {
      System.out.printf("reply topics before the sweep: %d%n", replyTopics(admin));
      long begun = System.nanoTime();
      JanitorSettings settings =
          new JanitorSettings(Topics.REPLIES_PREFIX, AGE, Duration.ofSeconds(1), 500);
      RunningJanitor janitor = RunningJanitor.start(kafka, settings, registry);
      while (replyTopics(admin) > 0 && System.nanoTime() - begun < PATIENCE.toNanos()) {
        TimeUnit.MILLISECONDS.sleep(200);
      }
      janitor.close();
      System.out.printf(
          "%.0f deleted by the janitor; reply topics left: %d, after %.1f s, of which %d s are how"
              + " long nobody may have written to one%n",
          registry.get("sirocco.janitor.topics.deleted").counter().count(),
          replyTopics(admin),
          (System.nanoTime() - begun) / 1e9,
          AGE.toSeconds());
    }
  }

  private static long replyTopics(Admin admin) throws Exception {
    return admin.listTopics().names().get().stream()
        .filter(name -> name.startsWith(Topics.REPLIES_PREFIX))
        .count();
  }

  private static SiroccoClient client(EmbeddedKafka broker, String name, Duration deleteDelay) {
    return SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
        .model(MODEL)
        .clientName(name)
        .deleteDelay(deleteDelay)
        .build());
  }

  private static ChatRequest request(int number) {
    return ChatRequest.builder()
        .message(ChatMessage.user("What is " + number + "?"))
        .temperature(0.0)
        .maxCompletionTokens(2)
        .stream(true)
        .build();
  }
}
