package io.sirocco.benchmarks;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.ReplyTopicMode;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.bench.Spread;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a flood by one user costs another on the same partition: the time from a submission to its first
 * token, one request at a time, while nobody else asks, and while hundreds of another's requests wait.
 * The first requests of each are not counted. Reply topics are used again, so that none is made while
 * somebody waits for it; and as a step with many answers takes longer than one with few, it is printed
 * how long steps were.
 *
 * <pre>FloodBenchmark MODEL_FOLDER [ROUNDS [STEP_MILLIS]]</pre>
 *
 * With a time for each step, a model takes it that computes nothing: a step with many answers takes no
 * longer than one with few, as on a machine that has processors to spare.
 */
final class FloodBenchmark {
  private static final String MODEL = "bench";
  private static final int CONTEXT = 512;
  private static final int PLACES = 16;
  private static final int FLOOD = 400;
  private static final int WARMING_UP = 10;

  private final SiroccoClient client;
  private final Timer steps;
  private int asked;

  private FloodBenchmark(SiroccoClient client, Timer steps) {
    this.client = client;
    this.steps = steps;
  }

  /** Starts the benchmark. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 50;
    int stepMillis = args.length > 2 ? Integer.parseInt(args[2]) : 0;
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    ServedModel served = new MeasuredModel(Path.of(args[0]), 1).loadServed(PLACES, CONTEXT);
    try (EmbeddedKafka broker = EmbeddedKafka.start(EmbeddedKafkaSettings.defaults())) {
      Worker worker = Worker.start(
          WorkerSettings.of(broker.bootstrapServers(), MODEL)
              .withPartitions(1)
              .withGrace(Duration.ZERO)
              .withReplyTopicsCreated(true),
          stepMillis == 0 ? served : paced(served, Duration.ofMillis(stepMillis)),
          meters,
          fault -> {
            throw new IllegalStateException(fault);
          });
      try (SiroccoClient client =
          SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
              .model(MODEL)
              .replyTopics(ReplyTopicMode.SHARED)
              .build())) {
        new FloodBenchmark(client, meters.get("sirocco.model.forward.time").timer()).run(rounds);
      } finally {
        worker.close();
      }
    }
  }

  private static ServedModel paced(ServedModel served, Duration step) {
    int vocabulary = served.causalModel().shape().vocabularySize();
    served.causalModel().close();
    return new ServedModel(
        new PacedModel(new InstantModel(PLACES, CONTEXT, vocabulary), step),
        served.tokenizer(),
        served.prompts(),
        served.endIds());
  }

  private void run(int rounds) {
    Measured quiet = measure(rounds);
    List<ReplyStream> flood = new ArrayList<>();
    for (int i = 0; i < FLOOD; i++) {
      flood.add(submit("flood", 200));
    }
    firstToken(flood.get(0));
    Measured beside = measure(rounds);
    long ended = flood.stream().filter(FloodBenchmark::hasEnded).count();
    System.out.printf(
        "first token, %d rounds, %d requests of another user of which %d ended meanwhile%n",
        rounds, FLOOD, ended);
    print("quiet", quiet);
    print("beside the flood", beside);
    System.out.printf(
        "ratio of medians: %.2f%n",
        beside.firstToken().median() / quiet.firstToken().median());
  }

  private static boolean hasEnded(ReplyStream answer) {
    try {
      answer.await(Duration.ofMillis(1));
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  /**
   * @param firstToken in ms
   * @param step the mean time of a step, in ms
   */
  private record Measured(Spread firstToken, double step) {}

  private static void print(String what, Measured measured) {
    Spread millis = measured.firstToken();
    System.out.printf(
        "%s: median %.1f ms (%.1f to %.1f), %.1f ms a step%n",
        what, millis.median(), millis.min(), millis.max(), measured.step());
  }

  private Measured measure(int rounds) {
    double spent = steps.totalTime(TimeUnit.MILLISECONDS);
    long counted = steps.count();
    double[] millis = new double[rounds];
    for (int i = -WARMING_UP; i < rounds; i++) {
      long begun = System.nanoTime();
      double took = (firstToken(submit("quiet", 8)) - begun) / 1e6;
      if (i >= 0) {
        millis[i] = took;
      }
    }
    double step =
        (steps.totalTime(TimeUnit.MILLISECONDS) - spent) / Math.max(1, steps.count() - counted);
    return new Measured(Spread.of(millis), step);
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
