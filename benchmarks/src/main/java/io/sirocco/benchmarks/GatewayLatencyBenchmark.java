package io.sirocco.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyTopicMode;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.gateway.Gateway;
import io.sirocco.gateway.settings.GatewaySettings;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * How much later tokens come through the gateway than straight from Kafka: rounds of the same requests
 * turn about, with one client and with many at once, all in one process.
 *
 * <pre>GatewayLatencyBenchmark MODEL_FOLDER [CLIENTS] [ROUNDS]</pre>
 */
final class GatewayLatencyBenchmark {
  private static final String MODEL = "bench";
  private static final int CONTEXT = 512;
  private static final int TOKENS = 64;

  /** Short answers each way before any counts: until then what a request runs is interpreted. */
  private static final int WARMING_UP = 500;

  private static final int WARMING_UP_TOKENS = 4;

  private static final Duration REUSE_DELAY = Duration.ofSeconds(5);
  private static final double NANOS_PER_MILLI = 1e6;

  /** One for all: a new one finds out anew how a request is written, which takes milliseconds. */
  private final JsonCodec codec = new JsonCodec();

  private final SiroccoClient client;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI address;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private GatewayLatencyBenchmark(SiroccoClient client, URI gateway) {
    this.client = client;
    this.address = URI.create(gateway + "/chat/completions");
  }

  /** Starts the benchmark. */
  public static void main(String[] args) throws Exception {
    int clients = args.length > 1 ? Integer.parseInt(args[1]) : 1;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 30;
    MeasuredModel measured = new MeasuredModel(Path.of(args[0]), 1);
    try (EmbeddedKafka broker = EmbeddedKafka.start(EmbeddedKafkaSettings.defaults())) {
      Worker worker = Worker.start(
          WorkerSettings.of(broker.bootstrapServers(), MODEL),
          measured.loadServed(clients, CONTEXT),
          new SimpleMeterRegistry(),
          fault -> {
            throw new IllegalStateException(fault);
          });
      try (SiroccoClient client =
              SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
                  .replyTopics(ReplyTopicMode.POOL)
                  .deleteDelay(REUSE_DELAY) // As the gateway's own client.
                  .build());
          Gateway gateway = Gateway.start(
              GatewaySettings.local(broker.bootstrapServers(), 0), new SimpleMeterRegistry())) {
        new GatewayLatencyBenchmark(client, gateway.address()).run(clients, rounds);
      } finally {
        worker.close();
      }
    }
  }

  private void run(int clients, int rounds) throws Exception {
    Samples straight = new Samples();
    Samples through = new Samples();
    for (int round = 0; round < WARMING_UP / clients; round++) {
      all(clients, () -> straight(WARMING_UP_TOKENS));
      all(clients, () -> throughGateway(WARMING_UP_TOKENS));
    }
    for (int round = 0; round < rounds; round++) {
      straight.add(all(clients, () -> straight(TOKENS)));
      through.add(all(clients, () -> throughGateway(TOKENS)));
    }
    System.out.printf("%d clients, %d rounds of %d tokens%n", clients, rounds, TOKENS);
    straight.print("straight");
    through.print("through the gateway");
    threads.shutdownNow();
  }

  private List<List<Long>> all(int clients, Callable<List<Long>> one) throws Exception {
    List<Future<List<Long>>> answers = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      answers.add(threads.submit(one));
    }
    List<List<Long>> times = new ArrayList<>();
    for (Future<List<Long>> answer : answers) {
      times.add(answer.get());
    }
    return times;
  }

  private static ChatRequest request(int tokens) {
    return ChatRequest.builder()
        .message(ChatMessage.user("It was a quiet morning."))
        .temperature(0.0)
        .maxCompletionTokens(tokens)
        .extra("ignore_eos", true)
        .stream(true)
        .build();
  }

  /** Returns the begin and the time of each delta, in nanoseconds. */
  private List<Long> straight(int tokens) {
    List<Long> nanos = new ArrayList<>(List.of(System.nanoTime()));
    client.submit(request(tokens)).chunks().forEach(chunk -> {
      if (!chunk.choices().isEmpty()) {
        nanos.add(System.nanoTime());
      }
    });
    return nanos;
  }

  /** Returns the begin and the time of each delta, in nanoseconds. */
  private List<Long> throughGateway(int tokens) throws Exception {
    List<Long> nanos = new ArrayList<>(List.of(System.nanoTime()));
    HttpRequest post = HttpRequest.newBuilder(address)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(codec.writeBytes(request(tokens))))
        .build();
    HttpResponse<Stream<String>> response = http.send(post, HttpResponse.BodyHandlers.ofLines());
    response.body().filter(line -> line.startsWith("id: ")).forEach(line -> {
      nanos.add(System.nanoTime());
    });
    nanos.remove(nanos.size() - 1); // The end.
    return nanos;
  }

  /** Times to the first token and between tokens. */
  private static final class Samples {
    private final List<Double> first = new ArrayList<>();
    private final List<Double> between = new ArrayList<>();

    void add(List<List<Long>> answers) {
      for (List<Long> nanos : answers) {
        first.add((nanos.get(1) - nanos.get(0)) / NANOS_PER_MILLI);
        int last = nanos.size() - 1;
        between.add((nanos.get(last) - nanos.get(1)) / NANOS_PER_MILLI / (last - 1));
      }
    }

    void print(String what) {
      System.out.printf(
          "%s: first token %.2f ms, between tokens %.3f ms (medians of %d answers)%n",
          what, median(first), median(between), first.size());
    }

    private static double median(List<Double> values) {
      return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
  }
}
