package io.sirocco.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.client.ClientSettings;
import io.sirocco.client.RawReply;
import io.sirocco.client.ReplyTopicMode;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.AnswerEnd;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * How throughput grows with workers where a step takes 20 ms and no processor: 1, 2, 4 and 8 workers, then
 * 4 again, added and taken away under load, with the processors that broker, workers and client take. Each
 * is a process of its own. Every answer is folded, and must have all of its tokens.
 *
 * <pre>ScalingBenchmark MODEL_FOLDER [SEQUENCES [SECONDS [WORKERS...]]]</pre>
 *
 * <p>Of the folder only the tokenizer and the template are used.
 */
final class ScalingBenchmark {
  private static final String MODEL = "paced";
  private static final int PARTITIONS = 8;
  private static final List<Integer> WORKERS = List.of(1, 2, 4, 8, 4);
  private static final double STEPS_A_SECOND = 50;
  private static final int TOKENS = 256;
  private static final int SETTLING_SECONDS = 7;
  private static final int WARMING_UP_SECONDS = 13;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** More than run at once, so that no place is empty while the next request is on its way. */
  private static final double READERS_FOR_A_SEQUENCE = 1.5;

  private final SiroccoClient client;
  private final BrokerProcess broker;
  private final WorkersProcess workers;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<?>> readers = new ArrayList<>();
  private final AtomicLong tokens = new AtomicLong();
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong answers = new AtomicLong();
  private final AtomicLong takenOver = new AtomicLong();
  private volatile boolean ending;

  private ScalingBenchmark(SiroccoClient client, BrokerProcess broker, WorkersProcess workers) {
    this.client = client;
    this.broker = broker;
    this.workers = workers;
  }

  /** Starts the benchmark. */
  public static void main(String[] args) throws Exception {
    int sequences = args.length > 1 ? Integer.parseInt(args[1]) : 16;
    int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 12;
    List<Integer> counts =
        args.length > 3 ? Arrays.stream(args).skip(3).map(Integer::valueOf).toList() : WORKERS;
    try (BrokerProcess broker = BrokerProcess.start()) {
      makeSharedReplies(broker.bootstrapServers());
      try (WorkersProcess workers = WorkersProcess.start(
          broker.bootstrapServers(), MODEL, PARTITIONS, sequences, Path.of(args[0]))) {
        workers.have(1);
        try (SiroccoClient client =
            SiroccoClient.connect(ClientSettings.builder(broker.bootstrapServers())
                .model(MODEL)
                .replyTopics(ReplyTopicMode.SHARED)
                .build())) {
          new ScalingBenchmark(client, broker, workers).run(sequences, seconds, counts);
        }
      }
    }
  }

  private static void makeSharedReplies(String servers) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin
          .createTopics(List.of(
              new NewTopic(Topics.SHARED_REPLIES, Optional.of(PARTITIONS), Optional.empty())))
          .all()
          .get();
    }
  }

  private void run(int sequences, int seconds, List<Integer> counts) throws Exception {
    double one = 0;
    System.out.printf(
        "%d sequences, 20 ms a step, %d processors%n",
        sequences, Runtime.getRuntime().availableProcessors());
    try {
      for (int count : counts) {
        workers.have(count);
        haveReaders((int) Math.ceil(count * sequences * READERS_FOR_A_SEQUENCE));
        TimeUnit.SECONDS.sleep(SETTLING_SECONDS + (one == 0 ? WARMING_UP_SECONDS : 0));
        double rate = measure(count, sequences, seconds, one);
        one = one == 0 ? rate : one;
      }
      ending = true;
      for (Future<?> reader : readers) {
        reader.get(); // Fails with what was wrong.
      }
      System.out.printf(
          "%d answers of %d tokens, each whole; %d of them begun by one owner and ended by another%n",
          answers.get(), TOKENS, takenOver.get());
    } finally {
      ending = true;
      threads.shutdownNow();
    }
  }

  /** Those that are too many for fewer workers go on, and wait longer. */
  private void haveReaders(int count) {
    while (readers.size() < count) {
      int number = readers.size();
      readers.add(threads.submit(() -> read(number)));
    }
  }

  private double measure(int count, int sequences, int seconds, double one)
      throws InterruptedException {
    long[] counted = {tokens.get(), records.get(), answers.get()};
    Duration[] busy = {broker.cpu(), workers.cpu(), own()};
    long begun = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    double elapsed = (System.nanoTime() - begun) / 1e9;
    double rate = (tokens.get() - counted[0]) / elapsed;
    System.out.printf(
        "%d workers: %.0f tokens/s, %.3f of linear, %.3f of what the steps allow; %.0f records/s,"
            + " %.1f answers/s; of a processor: broker %.0f %%, workers %.0f %%, client %.0f %%%n",
        count,
        rate,
        one == 0 ? 1 : rate / one / count,
        rate / (count * sequences * STEPS_A_SECOND),
        (records.get() - counted[1]) / elapsed,
        (answers.get() - counted[2]) / elapsed,
        share(broker.cpu(), busy[0], elapsed),
        share(workers.cpu(), busy[1], elapsed),
        share(own(), busy[2], elapsed));
    return rate;
  }

  private static double share(Duration now, Duration before, double elapsed) {
    return now.minus(before).toNanos() / 1e7 / elapsed;
  }

  private static Duration own() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
  }

  /** Asks one request after the other, all on one partition, so that workers have as much as each other. */
  private @Nullable Void read(int number) throws MalformedJsonException {
    String key = keyOf(number % PARTITIONS);
    for (int asked = 0; !ending; asked++) {
      ask(key, number, asked);
    }
    return null;
  }

  private void ask(String key, int number, int asked) throws MalformedJsonException {
    var stream = client.submit(
        ChatRequest.builder()
            .message(ChatMessage.user("What is %d times %d?".formatted(number, asked)))
            .temperature(0.0)
            .maxCompletionTokens(TOKENS)
            .stream(true)
            .build(),
        SubmitOptions.builder().recordKey(key).user("user-" + number).build());
    ReplyCheckpoint answer = new ReplyCheckpoint(stream.requestId(), new JsonCodec());
    Set<String> writers = new HashSet<>();
    for (RawReply reply : stream.records().within(PATIENCE)) {
      answer.accept(reply.reply());
      if (!reply.reply().tokenIds().isEmpty()) {
        writers.add(reply.reply().writer());
      }
      tokens.addAndGet(reply.reply().tokenIds().size());
      records.incrementAndGet();
    }
    AnswerEnd end = answer.end();
    if (end == null || end.error() != null || answer.completionTokens() != TOKENS) {
      throw new IllegalStateException(
          "expected %d tokens, found %d and %s".formatted(TOKENS, answer.completionTokens(), end));
    }
    answers.incrementAndGet();
    if (writers.size() > 1) {
      takenOver.incrementAndGet();
    }
  }

  private static String keyOf(int partition) {
    int key = 0;
    while (BuiltInPartitioner.partitionForKey(Integer.toString(key).getBytes(UTF_8), PARTITIONS)
        != partition) {
      key++;
    }
    return Integer.toString(key);
  }
}
