package io.sirocco.worker.simulation;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.contracts.model.ModelNames;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.closing.PartitionCloser;
import io.sirocco.worker.control.Cancellations;
import io.sirocco.worker.engine.EngineLimits;
import io.sirocco.worker.engine.EngineLoop;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.intake.Answers;
import io.sirocco.worker.intake.DeadLetters;
import io.sirocco.worker.intake.EarlyEnds;
import io.sirocco.worker.intake.GroupSession;
import io.sirocco.worker.intake.IntakeClock;
import io.sirocco.worker.intake.IntakeLoop;
import io.sirocco.worker.intake.IntakePolicy;
import io.sirocco.worker.intake.ProgressReports;
import io.sirocco.worker.intake.RequestCloser;
import io.sirocco.worker.intake.RequestDispatcher;
import io.sirocco.worker.intake.RequestTelemetry;
import io.sirocco.worker.intake.RequestWatch;
import io.sirocco.worker.intake.UserSource;
import io.sirocco.worker.prompt.RequestMapper;
import io.sirocco.worker.reply.CostEstimate;
import io.sirocco.worker.reply.ReplyWriter;
import io.sirocco.worker.streams.StreamDirectory;
import io.sirocco.worker.usage.UsageRecords;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/**
 * A whole worker, of the real parts, between fakes of the brokers and of the model.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimWorker {
  private static final int INBOX = 2;
  private static final long EPOCH_MILLIS = 1_795_000_000_000L;
  private static final long GRACE_MILLIS = 100;
  private static final int MOST_CONTROL_MILLIS = 50;

  private final Simulation simulation;
  private final SimProcess process;
  private final Cancellations cancellations;
  private final IntakeLoop intake;
  private long leavesAtMillis = Long.MAX_VALUE;
  private boolean leaving;
  private int writers;

  SimWorker(String name, SimWorld world, RequestMapper mapper) {
    simulation = world.simulation();
    process = new SimProcess(name, simulation);
    simulation.note("%s starts", name);
    InstantSource wallClock = () -> Instant.ofEpochMilli(EPOCH_MILLIS + simulation.nowMillis());
    cancellations = new Cancellations(wallClock);
    SimThread replyThread = new SimThread(process, simulation, 1);
    EngineInbox inbox = new EngineInbox(INBOX);
    SimReplyLogReader reader =
        new SimReplyLogReader(simulation, process, world.broker(), world.faults(), world.bugs());
    ReplyWriter writer =
        new SimReplyWriter(simulation, process, world.broker(), world.faults(), world.bugs());
    if (!world.bugs().isEmpty()) {
      writer = new BuggyReplyWriter(writer, world.bugs(), simulation);
    }
    RequestDispatcher dispatcher = new RequestDispatcher(
        new IntakePolicy(
            new ModelNames(SimWorld.MODEL, List.of()),
            Topics.ALLOWED_REPLY_TOPICS,
            UserSource.HEADER_OR_BODY),
        mapper,
        reader,
        new Answers(
            Set.of(SimTokenizer.END),
            new SimTokenizer(),
            SimTokenizer.VOCABULARY,
            CostEstimate.UNKNOWN,
            writer,
            reader,
            this::delay,
            replyThread,
            world.bugs().contains(PlantedBug.START_AT_POLL)
                ? new EarlyStarts()
                : RequestTelemetry.NONE),
        new RequestWatch(
            new EarlyEnds(cancellations, wallClock),
            new ProgressReports(world.progressEvery(), clock())),
        StreamDirectory.EMPTY);
    intake = new IntakeLoop(
        new SimConsumer(
                simulation, process, world.broker(), world.network(), SimWorld.GROUP, world.bugs())
            .asConsumer(),
        SimWorld.REQUESTS,
        dispatcher,
        inbox,
        new RequestCloser(
            new DeadLetters(SimWorld.GROUP), new UsageRecords(), SimWorld.MODEL, wallClock),
        partition -> closer(world, partition),
        () -> name + "." + writers++,
        new GroupSession(world.trouble().protocol(), Duration.ofMillis(SimWorld.TIMEOUT_MILLIS)),
        clock());
    EngineLoop engine = new EngineLoop(
        inbox,
        new SimModel(prefix -> world.computed(process, prefix)),
        EngineLimits.of(3),
        new SimpleMeterRegistry(),
        Tags.empty());
    new SimThread(process, simulation, world.trouble().engineMillis()).loop(() -> {
      engine.step();
      return true;
    });
    new SimThread(process, simulation, 4).loop(this::stepIntake);
  }

  private IntakeClock clock() {
    return new IntakeClock(
        () -> TimeUnit.MILLISECONDS.toNanos(simulation.nowMillis()), () -> process.await(1));
  }

  /** Hears, some time soon, that a request is cancelled. */
  void hear(RequestKey cancelled) {
    long millis = EPOCH_MILLIS + simulation.nowMillis();
    process.in(
        simulation.between(0, MOST_CONTROL_MILLIS), () -> cancellations.add(cancelled, millis));
  }

  private PartitionCloser closer(SimWorld world, TopicPartition partition) {
    return new PartitionCloser(
        partition,
        () -> new SimClosingProducer(
            partition,
            new SimProducer(
                SimWorld.GROUP + "-" + partition.partition(),
                simulation,
                process,
                world.broker(),
                world.network(),
                world.bugs())),
        new SimThread(process, simulation, 1),
        () -> {});
  }

  private CompletionStage<Void> delay(Duration time) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    process.in(time.toMillis(), () -> over.complete(null));
    return over;
  }

  private boolean stepIntake() {
    intake.step(Duration.ZERO);
    boolean over = leavesAtMillis != Long.MAX_VALUE
        && (!intake.isFinishing() || simulation.nowMillis() > leavesAtMillis);
    if (over) {
      intake.close();
      process.end();
    }
    return !over;
  }

  SimProcess process() {
    return process;
  }

  /** Ends in good order, answering what it has begun if that does not take too long. */
  void leave() {
    leave(GRACE_MILLIS);
  }

  /** Ends in good order, at once. */
  void leaveAtOnce() {
    leave(0);
  }

  private void leave(long graceMillis) {
    simulation.note("%s leaves", process.name());
    leaving = true;
    process.in(0, () -> {
      intake.drain();
      leavesAtMillis = simulation.nowMillis() + graceMillis;
    });
  }

  boolean isLeaving() {
    return leaving;
  }
}
