package io.sirocco.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.bench.DecodeLoad;
import io.sirocco.worker.bench.EngineBench;
import io.sirocco.worker.bench.Spread;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ModelStepException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How much of the engine's own speed is left through a whole worker: broker, worker and a client that
 * reads every token in one process, against decoding alone, turn about. The model has one thread in
 * both.
 *
 * <pre>WorkerThroughputBenchmark MODEL_FOLDER [ROUNDS]</pre>
 *
 * <p>Of the worker, the time counts in which all streams run: from the last one's first token to the
 * first one's last.
 */
final class WorkerThroughputBenchmark {
  private static final String MODEL = "bench";
  private static final int STREAMS = 16;
  private static final int CONTEXT = 512;
  private static final int NEW_TOKENS = 256;
  private static final String PROMPT = "It was a quiet morning at the harbour. ".repeat(12);

  /** As long, in the middle, as the streams are in the middle of theirs. */
  private static final DecodeLoad ALONE = new DecodeLoad(STREAMS, 224, 64);

  private final EngineBench engine;
  private final SiroccoClient client;
  private final ExecutorService readers;

  private WorkerThroughputBenchmark(
      CausalModel model, SiroccoClient client, ExecutorService readers) {
    this.engine = new EngineBench(model, 1, System::nanoTime);
    this.client = client;
    this.readers = readers;
  }

  /** Starts the benchmark. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    MeasuredModel measured = new MeasuredModel(Path.of(args[0]), 1);
    ExecutorService readers = Executors.newFixedThreadPool(STREAMS);
    try (EmbeddedKafka broker = EmbeddedKafka.start(EmbeddedKafkaSettings.defaults());
        CausalModel model = measured.load(STREAMS, CONTEXT)) {
      Worker worker = Worker.start(
          WorkerSettings.of(broker.bootstrapServers(), MODEL).withReplyTopicsCreated(true),
          measured.loadServed(2 * STREAMS, CONTEXT),
          new SimpleMeterRegistry(),
          fault -> readers.shutdownNow());
      try (SiroccoClient client = SiroccoClient.connect(
          ClientSettings.builder(broker.bootstrapServers()).model(MODEL).build())) {
        new WorkerThroughputBenchmark(model, client, readers).run(rounds);
      } finally {
        worker.close();
      }
    } finally {
      readers.shutdownNow();
    }
  }

  private void run(int rounds) throws ModelStepException, InterruptedException, ExecutionException {
    double[] alone = new double[rounds];
    double[] through = new double[rounds];
    throughWorker(); // Not counted.
    for (int i = 0; i < rounds; i++) {
      alone[i] = engine.decode(ALONE).median();
      through[i] = throughWorker();
      System.out.printf(
          "round %d: engine alone %.1f tokens/s, through the worker %.1f%n",
          i + 1, alone[i], through[i]);
    }
    double ratio = Spread.of(through).median() / Spread.of(alone).median();
    System.out.printf(
        "%d streams through the worker: %.1f %% of the engine's own rate%n", STREAMS, 100 * ratio);
  }

  /** Returns tokens/s of all streams together, as their reader sees them. */
  private double throughWorker() throws InterruptedException, ExecutionException {
    List<Future<List<Long>>> reading = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      ReplyStream stream = client.submit(ChatRequest.builder()
          .message(ChatMessage.user(i + ". " + PROMPT))
          .temperature(0.0)
          .maxCompletionTokens(NEW_TOKENS)
          .stream(true)
          .build());
      reading.add(readers.submit(new StreamReader(stream)));
    }
    List<List<Long>> streams = new ArrayList<>();
    for (Future<List<Long>> each : reading) {
      streams.add(each.get());
    }
    return rateWhileAllRun(streams);
  }

  private static double rateWhileAllRun(List<List<Long>> streams) {
    long begin = Long.MIN_VALUE;
    long end = Long.MAX_VALUE;
    for (List<Long> nanos : streams) {
      if (nanos.size() != NEW_TOKENS) {
        throw new IllegalStateException(
            "expected %d tokens, found %d".formatted(NEW_TOKENS, nanos.size()));
      }
      begin = Math.max(begin, nanos.get(0));
      end = Math.min(end, nanos.get(NEW_TOKENS - 1));
    }
    long from = begin;
    long to = end;
    long tokens = streams.stream()
        .flatMap(List::stream)
        .filter(nanos -> nanos > from && nanos <= to)
        .count();
    return tokens * 1e9 / (to - from);
  }
}
