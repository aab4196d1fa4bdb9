package io.sirocco.embedded.chaos;

import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.ReplyRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;

/**
 * A run: answers that are never disturbed, then many while things go wrong, then the verdict.
 *
 * <p>Confined to the main thread.
 */
public final class ChaosRun implements AutoCloseable {
  static final String HALT = "end of a worker between the offsets of a close and its commit";

  private static final Duration TICK = Duration.ofMillis(20);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
  private static final Duration START = Duration.ofMinutes(2);

  private final ChaosSettings settings;
  private final PrintWriter progress;
  private final Random random;
  private final ChaosBrokers brokers;
  private final ChaosTopics topics;
  private final WorkerFleet fleet;
  private final RequestSender sender;
  private final ReplyReader reader;
  private final Aftermath aftermath;
  private final RecoveryClock recovery = new RecoveryClock();
  private final DeadOwners deadOwners;
  private final PauseClock pauses = new PauseClock();
  private final Map<String, Integer> faults = new TreeMap<>();
  private final List<Violation> violations = new ArrayList<>();
  private long lastRecordNanos = System.nanoTime();
  private long lastLineNanos = System.nanoTime();

  private ChaosRun(
      ChaosSettings settings,
      ChaosBrokers brokers,
      ChildCommand command,
      Path folder,
      PrintWriter progress) {
    this.settings = settings;
    this.progress = progress;
    this.random = new Random(settings.seed());
    this.brokers = brokers;
    this.topics = new ChaosTopics(
        brokers.bootstrapServers(),
        settings,
        settings.mode().brokers(),
        settings.mode() == ChaosMode.PARTITION
            ? Optional.of(CutOff.COORDINATOR)
            : Optional.empty());
    this.fleet = new WorkerFleet(command, settings, brokers, folder);
    this.sender = new RequestSender(brokers.bootstrapServers(), topics, "chaos-" + settings.seed());
    this.reader = new ReplyReader(brokers.bootstrapServers(), false, this::accepted);
    this.deadOwners = new DeadOwners(fleet, topics, reader, recovery);
    this.aftermath = new Aftermath(brokers.bootstrapServers(), topics);
  }

  /**
   * Runs to the end.
   *
   * @param command starts this program once more
   * @param folder takes the logs of the processes, and the brokers' records
   * @param progress is told how far it is
   */
  public static ChaosReport run(
      ChaosSettings settings, ChildCommand command, Path folder, PrintWriter progress)
      throws IOException, InterruptedException, MalformedJsonException {
    ChaosBrokers brokers = settings.mode().brokers() == 1
        ? new OneBroker(EmbeddedKafka.start(EmbeddedKafkaSettings.defaults()))
        : BrokerCluster.start(command, folder, settings.mode().brokers());
    try (ChaosRun run = new ChaosRun(settings, brokers, command, folder, progress)) {
      return run.run();
    } finally {
      // What is interrupted ends in good order as well.
      boolean interrupted = Thread.interrupted();
      brokers.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private ChaosReport run() throws IOException, InterruptedException, MalformedJsonException {
    topics.create();
    List<Question> questions = Questions.of(settings.seed(), settings.streams());
    startWorkers(1);
    Map<Integer, Undisturbed> undisturbed = answerUndisturbed(questions);
    startWorkers(settings.workers());
    disturb(questions);
    settle();
    fleet.close();
    return report(undisturbed);
  }

  private void startWorkers(int count) throws IOException, InterruptedException {
    while (fleet.started() < count) {
      fleet.add();
    }
    awaitWorkers(count);
    if (fleet.ready().size() < count) {
      throw new KafkaException("expected %d workers to be ready within %d s, found %d; %s"
          .formatted(count, START.toSeconds(), fleet.ready().size(), fleet.strangeEnds()));
    }
  }

  /** Until that many answer requests, or it is in vain. */
  private void awaitWorkers(int count) throws IOException, InterruptedException {
    long begunNanos = System.nanoTime();
    while (fleet.ready().size() < count
        && fleet.strangeEnds().isEmpty()
        && System.nanoTime() - begunNanos < START.toNanos()) {
      tick("starting");
    }
  }

  private Map<Integer, Undisturbed> answerUndisturbed(List<Question> questions)
      throws IOException, InterruptedException {
    List<Asked> asked = new ArrayList<>();
    for (Question question : questions) {
      asked.add(sender.ask(question.withGaps()));
    }
    reader.follow(asked);
    awaitAnswers("undisturbed");
    Map<Integer, Undisturbed> undisturbed = new HashMap<>();
    for (Asked each : asked) {
      Undisturbed answer = each.question().undisturbed(reader.log(each.requestId()));
      if (!answer.answer().ended() || answer.answer().error() != null) {
        throw new KafkaException(
            "expected an answer to question %d while nothing goes wrong, found %s"
                .formatted(each.question().number(), answer.answer().error()));
      }
      undisturbed.put(each.question().number(), answer);
    }
    return undisturbed;
  }

  private void disturb(List<Question> questions) throws IOException, InterruptedException {
    Fault fault = fault();
    long begunNanos = System.nanoTime();
    Duration now = Duration.ZERO;
    while (now.compareTo(settings.length()) < 0) {
      List<Asked> more = new ArrayList<>();
      for (int open = reader.open(); open < settings.streams(); open++) {
        more.add(sender.ask(questions.get(random.nextInt(questions.size()))));
      }
      if (!more.isEmpty()) {
        reader.follow(more);
      }
      tick("disturbed");
      now = Duration.ofNanos(System.nanoTime() - begunNanos);
      fault.step(now);
    }
    fault.end();
  }

  private Fault fault() {
    // A stream of its own: how many questions are asked until a fault is due depends on the
    // machine.
    Random chance = new Random(settings.seed() ^ 0x5deece66dL);
    return switch (settings.mode()) {
      case KILL -> new Kills(fleet, topics, this::strike, chance);
      case FREEZE -> new Outages(new Freeze(fleet, topics, this::strike, chance), chance);
      case DRAIN -> new Drains(fleet, settings.workers(), topics, this::strike);
      case BROKER ->
        new BrokerKills(cluster(), settings.requestPartitions(), topics, this::strike, chance);
      case PARTITION -> new Outages(new CutOff(fleet, cluster(), topics, this::strike), chance);
    };
  }

  private BrokerCluster cluster() {
    return (BrokerCluster) brokers;
  }

  private void strike(String what, Collection<Integer> partitions, boolean sameWriter) {
    faults.merge(what, 1, Integer::sum);
    Set<Integer> hit = new HashSet<>(partitions);
    long nowMillis = System.currentTimeMillis();
    reader.running().forEach((asked, answer) -> {
      if (hit.contains(asked.requestPartition())) {
        recovery.hit(asked.requestId(), nowMillis, sameWriter ? 0 : answer.attempts());
      }
    });
  }

  private void accepted(Asked asked, ReplyRecord reply) {
    lastRecordNanos = System.nanoTime();
    switch (reply.event()) {
      case DELTA -> {
        recovery.token(asked.requestId(), reply.timestampMillis(), reply.attempt());
        pauses.piece(asked.requestId(), reply.timestampMillis());
      }
      case END, ERROR -> {
        recovery.ended(asked.requestId());
        pauses.ended(asked.requestId());
      }
      default -> {
        // No token yet.
      }
    }
  }

  private void tick(String phase) throws IOException, InterruptedException {
    reader.poll(TICK);
    for (FleetWorker halted : fleet.step()) {
      strike(HALT, topics.ownedBy(halted.name()), false);
    }
    deadOwners.look(System.currentTimeMillis());
    if (System.nanoTime() - lastLineNanos > BETWEEN_LINES.toNanos()) {
      lastLineNanos = System.nanoTime();
      progress.printf(
          "%s: %d faults, %d requests, %d open, %d of %d workers ready%n",
          phase,
          faults.values().stream().mapToInt(count -> count).sum(),
          sender.asked().size(),
          reader.open(),
          fleet.ready().size(),
          settings.workers());
      progress.flush();
    }
  }

  /** Until all answers have ended, or nothing happens any more. */
  private void awaitAnswers(String phase) throws IOException, InterruptedException {
    lastRecordNanos = System.nanoTime();
    while (reader.open() > 0
        && System.nanoTime() - lastRecordNanos < settings.patience().toNanos()) {
      tick(phase);
    }
  }

  private void settle() throws IOException, InterruptedException {
    sender.awaitSent();
    // Silence says nothing while those that would break it are starting.
    awaitWorkers(settings.workers());
    awaitAnswers("settling");
    violations.addAll(aftermath.awaitClosed(settings.patience(), () -> tick("closing")));
  }

  private ChaosReport report(Map<Integer, Undisturbed> undisturbed)
      throws InterruptedException, MalformedJsonException {
    Verdict verdict = Judge.judge(aftermath.evidence(sender.asked(), reader, undisturbed));
    violations.addAll(fleet.strangeEnds());
    for (int id : brokers.dead()) {
      violations.add(new Violation(Guarantee.NO_STRANGE_END, "broker-" + id, "found it ended"));
    }
    return new ChaosReport(
        settings,
        faults,
        sender.asked().size(),
        verdict.and(violations),
        new Distribution(recovery.millis()),
        pauses.longest());
  }

  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    fleet.close();
    sender.close();
    reader.close();
    topics.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
