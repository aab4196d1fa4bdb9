package io.sirocco.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.bench.Spread;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a flood by one user costs another on the same partition: the time from a submission to its first
 * token, one request at a time, while nobody else asks, and while hundreds of another's requests wait.
 * The first requests of each are not counted.
 *
 * <pre>FloodBenchmark MODEL_FOLDER [ROUNDS]</pre>
 */
final class FloodBenchmark {
  private static final String MODEL = "bench";
  private static final int CONTEXT = 512;
  private static final int PLACES = 16;
  private static final int FLOOD = 400;
  private static final int WARMING_UP = 10;

  private final SiroccoClient client;
  private int asked;

  private FloodBenchmark(SiroccoClient client) {
    this.client = client;
  }

  /** Starts the benchmark. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 50;
    MeasuredModel measured = new MeasuredModel(Path.of(args[0]), 1);
    try (EmbeddedKafka broker = EmbeddedKafka.start(EmbeddedKafkaSettings.defaults())) {
      Worker worker = Worker.start(
          WorkerSettings.of(broker.bootstrapServers(), MODEL)
              .withPartitions(1)
              .withGrace(Duration.ZERO)
              .withReplyTopicsCreated(true),
          measured.loadServed(PLACES, CONTEXT),
          new SimpleMeterRegistry(),
          fault -> {
            throw new IllegalStateException(fault);
          });
      try (SiroccoClient client =
          SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
              .model(MODEL)
              .readyTopics(64)
              .build())) {
        new FloodBenchmark(client).run(rounds);
      } finally {
        worker.close();
      }
    }
  }

  private void run(int rounds) {
    Spread quiet = measure(rounds);
    List<ReplyStream> flood = new ArrayList<>();
    for (int i = 0; i < FLOOD; i++) {
      flood.add(submit("flood", 200));
    }
    firstToken(flood.get(0));
    Spread beside = measure(rounds);
    long ended = flood.stream().filter(FloodBenchmark::hasEnded).count();
    System.out.printf(
        "first token, %d rounds, %d requests of another user of which %d ended meanwhile%n",
        rounds, FLOOD, ended);
    print("quiet", quiet);
    print("beside the flood", beside);
    System.out.printf("ratio of medians: %.2f%n", beside.median() / quiet.median());
  }

  private static boolean hasEnded(ReplyStream answer) {
    try {
      answer.await(Duration.ofMillis(1));
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static void print(String what, Spread millis) {
    System.out.printf(
        "%s: median %.1f ms (%.1f to %.1f)%n", what, millis.median(), millis.min(), millis.max());
  }

  private Spread measure(int rounds) {
    double[] millis = new double[rounds];
    for (int i = -WARMING_UP; i < rounds; i++) {
      long begun = System.nanoTime();
      double took = (firstToken(submit("quiet", 8)) - begun) / 1e6;
      if (i >= 0) {
        millis[i] = took;
      }
    }
    return Spread.of(millis);
  }

  private ReplyStream submit(String user, int tokens) {
    return client.submit(
        ChatRequest.builder()
            .message(ChatMessage.user("%04d. It was a quiet morning.".formatted(asked++ % 10_000)))
            .temperature(0.0)
            .maxCompletionTokens(tokens)
            .extra("min_tokens", tokens)
            .stream(true)
            .build(),
        SubmitOptions.builder().user(user).build());
  }

  /** Returns when the first token came, in nanoseconds; returns when the answer has ended. */
  private static long firstToken(ReplyStream answer) {
    return new StreamReader(answer).call().get(0);
  }
}
