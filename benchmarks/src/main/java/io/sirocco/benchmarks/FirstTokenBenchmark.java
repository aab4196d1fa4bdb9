package io.sirocco.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.worker.app.SamplingThreads;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.bench.Spread;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.sampling.SamplingParameters;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How much later the first token comes through a whole worker: from the client's submission to its
 * record at the client, against a bare engine with a prompt of as many tokens, turn about, one request
 * at a time. The model has one thread in both.
 *
 * <pre>FirstTokenBenchmark MODEL_FOLDER [ROUNDS]</pre>
 */
final class FirstTokenBenchmark {
  private static final String MODEL = "bench";
  private static final int CONTEXT = 512;
  private static final int PLACES = 4;
  private static final int WARMING_UP = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final SteppedEngine engine;
  private final SiroccoClient client;
  private int asked;

  private FirstTokenBenchmark(SteppedEngine engine, SiroccoClient client) {
    this.engine = engine;
    this.client = client;
  }

  /** Starts the benchmark. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 100;
    MeasuredModel measured = new MeasuredModel(Path.of(args[0]), 1);
    try (EmbeddedKafka broker = EmbeddedKafka.start(EmbeddedKafkaSettings.defaults());
        CausalModel model = measured.load(PLACES, CONTEXT);
        SamplingThreads sampling = new SamplingThreads(1)) {
      Worker worker = Worker.start(
          WorkerSettings.of(broker.bootstrapServers(), MODEL).withReplyTopicsCreated(true),
          measured.loadServed(PLACES, CONTEXT),
          new SimpleMeterRegistry(),
          fault -> {
            throw new IllegalStateException(fault);
          });
      try (SiroccoClient client = SiroccoClient.connect(
          ClientSettings.builder(broker.bootstrapServers()).model(MODEL).build())) {
        SteppedEngine engine =
            new SteppedEngine(model, sampling.sampler(model.shape().vocabularySize()));
        new FirstTokenBenchmark(engine, client).run(rounds);
      } finally {
        worker.close();
      }
    }
  }

  private void run(int rounds) {
    int promptTokens = promptTokens();
    for (int i = 0; i < WARMING_UP; i++) {
      alone(promptTokens);
      throughWorker();
    }
    double[] alone = new double[rounds];
    double[] through = new double[rounds];
    double[] added = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      alone[i] = alone(promptTokens);
      through[i] = throughWorker();
      added[i] = through[i] - alone[i];
    }
    System.out.printf("first token of a prompt of %d tokens, %d rounds%n", promptTokens, rounds);
    print("engine alone", Spread.of(alone));
    print("through the worker", Spread.of(through));
    print("added", Spread.of(added));
  }

  private static void print(String what, Spread millis) {
    System.out.printf(
        "%s: median %.1f ms (%.1f to %.1f)%n", what, millis.median(), millis.min(), millis.max());
  }

  private ReplyStream ask() {
    return client.submit(ChatRequest.builder()
        .message(ChatMessage.user("%03d. It was a quiet morning.".formatted(asked++ % 1000)))
        .temperature(0.0)
        .maxCompletionTokens(1)
        .stream(true)
        .build());
  }

  private int promptTokens() {
    Usage usage = ask().await(PATIENCE).usage();
    if (usage == null) {
      throw new IllegalStateException("expected the usage of an answer, found none");
    }
    return usage.promptTokens();
  }

  /** Returns milliseconds. */
  private double alone(int promptTokens) {
    long begun = System.nanoTime();
    TokenTimes times = engine.submit(promptTokens, 1, SamplingParameters.GREEDY);
    while (!times.isFinished()) {
      engine.step();
    }
    return (times.nanos().get(0) - begun) / 1e6;
  }

  /** Returns milliseconds. */
  private double throughWorker() {
    long begun = System.nanoTime();
    return (new StreamReader(ask()).call().get(0) - begun) / 1e6;
  }
}
