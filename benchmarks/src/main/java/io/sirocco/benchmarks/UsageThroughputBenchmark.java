package io.sirocco.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.streams.StreamsApp;
import io.sirocco.streams.StreamsSettings;
import io.sirocco.streams.query.UsageQuestion;
import io.sirocco.streams.topic.PriceWriter;
import io.sirocco.streams.topic.UsageTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How many usage events are counted in a second, with the broker in the same process, quarter by
 * quarter, since the first ones are counted by code that is still being compiled; how large the stores
 * are then, how long it takes to read them back, and how long questions about all users take.
 *
 * <p>Arguments: events, users, milliseconds between commits, stream threads; 400000, 100000, 200 and 2
 * by default.
 */
public final class UsageThroughputBenchmark {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final UsageTopics TOPICS = new UsageTopics(Topics.USAGE_PARTITIONS, (short) 1);
  private static final int MODELS = 3;

  private final String servers;
  private final int events;
  private final int users;
  private final Duration commitInterval;
  private final int threads;

  private UsageThroughputBenchmark(
      String servers, int events, int users, Duration commitInterval, int threads) {
    this.servers = servers;
    this.events = events;
    this.users = users;
    this.commitInterval = commitInterval;
    this.threads = threads;
  }

  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("usage-benchmark");
    try (EmbeddedKafka broker = EmbeddedKafka.start(EmbeddedKafkaSettings.defaults())) {
      new UsageThroughputBenchmark(
              broker.bootstrapServers(),
              argument(args, 0, 400_000),
              argument(args, 1, 100_000),
              Duration.ofMillis(argument(args, 2, 200)),
              argument(args, 3, 2))
          .run(folder);
    } finally {
      remove(folder);
    }
  }

  private static int argument(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private void run(Path folder) throws IOException {
    send();
    try (StreamsApp app = start(folder)) {
      count(app);
      ask(app);
    }
    System.out.printf("state %.1f MB%n", size(folder) / 1e6);
    remove(folder);
    long begin = System.nanoTime();
    try (StreamsApp app = start(folder)) {
      app.awaitRunning(LIMIT);
      System.out.printf("restored in %.1f s%n", seconds(begin));
    }
  }

  private void send() {
    Map<String, String> clients = Map.of("bootstrap.servers", servers);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      TOPICS.createMissing(admin, LIMIT);
    }
    Random random = new Random(1);
    PriceWriter prices = new PriceWriter(clients, TOPICS, random);
    for (int model = 0; model < MODELS; model++) {
      Decimal price = Decimal.of("0." + (model + 1) + "5");
      var unused =
          prices.set(new Price("m" + model, price, price, price, "USD", 1_700_000_000_000L), LIMIT);
    }
    JsonCodec codec = new JsonCodec();
    long now = InstantSource.system().millis();
    try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", servers, "linger.ms", 20),
        new ByteArraySerializer(),
        new ByteArraySerializer())) {
      for (int i = 0; i < events; i++) {
        UsageEvent event = event(i, random, now);
        var unused = producer.send(new ProducerRecord<>(
            Topics.USAGE, event.user().getBytes(UTF_8), codec.writeBytes(event)));
      }
    }
  }

  private UsageEvent event(int i, Random random, long now) {
    int prompt = 50 + random.nextInt(2000);
    return new UsageEvent(
        "user-" + (i < users ? i : random.nextInt(users)),
        "m" + random.nextInt(MODELS),
        "request-" + i,
        "chat.requests.m",
        i % 4,
        i,
        prompt,
        random.nextInt(prompt),
        random.nextInt(500),
        random.nextInt(50) == 0 ? "server_error" : "stop",
        now - 5000 - random.nextInt(1000),
        now - random.nextInt(4000));
  }

  private StreamsApp start(Path folder) {
    return StreamsApp.start(StreamsSettings.builder(servers)
        .topics(TOPICS)
        .stateFolder(folder)
        .commitInterval(commitInterval)
        .threads(threads)
        .build());
  }

  private void count(StreamsApp app) {
    while (app.counted() == 0) {
      LockSupport.parkNanos(1_000_000);
    }
    long start = System.nanoTime();
    long already = app.counted();
    for (int quarter = 1; quarter <= 4; quarter++) {
      long begin = System.nanoTime();
      long first = app.counted();
      await(app, (long) events * quarter / 4);
      System.out.printf(
          "quarter %d: %.0f events/s%n", quarter, (app.counted() - first) / seconds(begin));
    }
    System.out.printf(
        "%d events of %d users, %d threads, a commit every %d ms: %.0f events/s%n",
        events, users, threads, commitInterval.toMillis(), (events - already) / seconds(start));
  }

  private static void await(StreamsApp app, long counted) {
    while (app.counted() < counted) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void ask(StreamsApp app) {
    UsageQuestion day =
        new UsageQuestion(WindowSize.DAY, 1_000_000_000_001L, 9_999_999_999_999L, null, null);
    for (int round = 0; round < 3; round++) {
      long begin = System.nanoTime();
      int together = app.usage().totals(day.together()).size();
      double all = seconds(begin);
      begin = System.nanoTime();
      int each = app.usage().totals(day).size();
      System.out.printf(
          "all users together: %d rows in %.1f ms; each user: %d rows in %.0f ms%n",
          together, 1000 * all, each, 1000 * seconds(begin));
    }
  }

  private static double seconds(long beginNanos) {
    return (System.nanoTime() - beginNanos) / 1e9;
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
