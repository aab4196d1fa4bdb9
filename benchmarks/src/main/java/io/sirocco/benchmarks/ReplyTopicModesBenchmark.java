package io.sirocco.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyTopicMode;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What each way to choose reply topics costs: the time from when a request was due to its first token
 * at the client, and how busy the broker is, at some rates of requests. The model takes no time, and
 * every answer has 8 tokens; worker and client share a process, and the broker has one of its own.
 *
 * <pre>ReplyTopicModesBenchmark MODEL_FOLDER MODE [SECONDS [RATE...]]</pre>
 *
 * <p>Of the folder only the tokenizer and the template are used. Topics of answers are deleted, or used
 * again, 2 seconds after their end, so that it happens while it is measured.
 */
final class ReplyTopicModesBenchmark {
  private static final String MODEL = "echo";
  private static final int SLOTS = 64;
  private static final int CONTEXT = 256;
  private static final int TOKENS = 8;
  private static final int READERS = 128;
  private static final List<Integer> RATES = List.of(1, 10, 50, 100);
  private static final int WARMING_UP = 200;

  private final SiroccoClient client;
  private final BrokerProcess broker;
  private final ScheduledExecutorService readers;

  private ReplyTopicModesBenchmark(
      SiroccoClient client, BrokerProcess broker, ScheduledExecutorService readers) {
    this.client = client;
    this.broker = broker;
    this.readers = readers;
  }

  /** Starts the benchmark. */
  public static void main(String[] args) throws Exception {
    ReplyTopicMode mode = ReplyTopicMode.ofSettingName(args[1]);
    int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 10;
    List<Integer> rates =
        args.length > 3 ? Arrays.stream(args).skip(3).map(Integer::valueOf).toList() : RATES;
    ServedModel served = new MeasuredModel(Path.of(args[0]), 1).loadServed(1, CONTEXT);
    int vocabulary = served.causalModel().shape().vocabularySize();
    served.causalModel().close();
    ScheduledExecutorService readers = Executors.newScheduledThreadPool(READERS);
    try (BrokerProcess broker = BrokerProcess.start()) {
      WorkerSettings settings =
          WorkerSettings.of(broker.bootstrapServers(), MODEL).withPartitions(4);
      Worker worker = Worker.start(
          settings,
          new ServedModel(
              new InstantModel(SLOTS, CONTEXT, vocabulary),
              served.tokenizer(),
              served.prompts(),
              served.endIds()),
          new SimpleMeterRegistry(),
          fault -> readers.shutdownNow());
      try (SiroccoClient client =
          SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
              .model(MODEL)
              .replyTopics(mode)
              .deleteDelay(Duration.ofSeconds(2))
              .build())) {
        new ReplyTopicModesBenchmark(client, broker, readers).run(mode, seconds, rates);
      } finally {
        worker.close();
      }
    } finally {
      readers.shutdownNow();
    }
  }

  private void run(ReplyTopicMode mode, int seconds, List<Integer> rates) throws Exception {
    ask(WARMING_UP, 50);
    for (int rate : rates) {
      TimeUnit.SECONDS.sleep(3); // What the last rate left is tidied up.
      Duration cpu = broker.cpu();
      long begun = System.nanoTime();
      double[] millis = ask(rate * seconds, rate);
      TimeUnit.SECONDS.sleep(2); // Until the last topics are due, too.
      double elapsed = (System.nanoTime() - begun) / 1e9;
      double busy = broker.cpu().minus(cpu).toNanos() / 1e9;
      Arrays.sort(millis);
      System.out.printf(
          "%s, %d requests/s: first token median %.1f ms, 95 %% %.1f ms, greatest %.1f ms;"
              + " broker %.1f %% of a processor, %.1f ms for each request%n",
          mode,
          rate,
          millis[millis.length / 2],
          millis[millis.length * 95 / 100],
          millis[millis.length - 1],
          100 * busy / elapsed,
          1e3 * busy / millis.length);
    }
  }

  /** Returns the milliseconds from when each request was due to its first token. */
  private double[] ask(int requests, int rate) throws InterruptedException, ExecutionException {
    long begun = System.nanoTime();
    List<Future<Double>> answers = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      long due = begun + TimeUnit.SECONDS.toNanos(i) / rate;
      int number = i;
      answers.add(
          readers.schedule(() -> ask(number, due), due - System.nanoTime(), TimeUnit.NANOSECONDS));
    }
    double[] millis = new double[requests];
    for (int i = 0; i < requests; i++) {
      millis[i] = answers.get(i).get();
    }
    return millis;
  }

  private double ask(int number, long due) {
    ChatRequest request = ChatRequest.builder()
        .message(ChatMessage.user("What is " + number + "?"))
        .temperature(0.0)
        .maxCompletionTokens(TOKENS)
        .stream(true)
        .build();
    return (new StreamReader(client.submit(request)).call().get(0) - due) / 1e6;
  }
}
