package io.sirocco.worker.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.closing.KafkaClosingProducer;
import io.sirocco.worker.closing.PartitionCloser;
import io.sirocco.worker.control.Cancellations;
import io.sirocco.worker.control.ControlRecords;
import io.sirocco.worker.engine.EngineLoop;
import io.sirocco.worker.engine.EngineThread;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.follow.FollowThread;
import io.sirocco.worker.follow.FollowedTopic;
import io.sirocco.worker.intake.Answers;
import io.sirocco.worker.intake.DeadLetters;
import io.sirocco.worker.intake.EarlyEnds;
import io.sirocco.worker.intake.IntakeClock;
import io.sirocco.worker.intake.IntakeLoop;
import io.sirocco.worker.intake.IntakePolicy;
import io.sirocco.worker.intake.IntakeThread;
import io.sirocco.worker.intake.ProgressReports;
import io.sirocco.worker.intake.RequestCloser;
import io.sirocco.worker.intake.RequestDispatcher;
import io.sirocco.worker.intake.RequestWatch;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.ModelShape;
import io.sirocco.worker.observe.WorkerCondition;
import io.sirocco.worker.observe.WorkerMetrics;
import io.sirocco.worker.pricing.ModelPrices;
import io.sirocco.worker.pricing.PriceRecords;
import io.sirocco.worker.prompt.RequestMapper;
import io.sirocco.worker.reply.Delays;
import io.sirocco.worker.reply.KafkaReplyLogReader;
import io.sirocco.worker.reply.KafkaReplyWriter;
import io.sirocco.worker.reply.ReplyLogReader;
import io.sirocco.worker.reply.ReplyWriter;
import io.sirocco.worker.streams.StreamThread;
import io.sirocco.worker.usage.UsageRecords;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A running worker: answers the requests of one model's topic until it is closed.
 *
 * <p>Its threads meet in queues only: {@code intake} owns the consumer and the offsets, {@code
 * engine} the model and all sequences, {@code reply} the writing of answers, {@code reply-log} the
 * reading of what others wrote of them, those named {@code closer} the closing of requests. Threads
 * named {@code sampler} help the engine's with large batches, one named {@code prices} follows what
 * tokens cost, one named {@code control} what is cancelled, and one named {@code streams} where
 * answers live, which one named {@code streams-writer} writes down.
 *
 * <p>Thread-safe.
 */
public final class Worker implements AutoCloseable {
  private static final Duration END = Duration.ofSeconds(5);

  /** How long a reading of reply logs may take before it is tried again. */
  private static final Duration LOG_PATIENCE = Duration.ofSeconds(5);

  private final Connections connections;
  private final WorkerMetrics metrics;
  private final WorkerCondition condition;
  private final Runnable beforeCommit;
  private final ExecutorService replyThread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "reply"));
  private final ExecutorService closerThreads =
      Executors.newCachedThreadPool(task -> new Thread(task, "closer"));
  private final ExecutorService logThread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "reply-log"));
  private final SamplingThreads samplingThreads;
  private final ServedModel model;
  private final ModelPrices prices = new ModelPrices(InstantSource.system());
  private final Cancellations cancellations = new Cancellations(InstantSource.system());
  private final EngineThread engine;
  private final IntakeThread intake;
  private final FollowThread priceThread;
  private final FollowThread controlThread;
  private final StreamThread streams;

  private Worker(
      WorkerSettings settings,
      ServedModel model,
      Connections connections,
      MeterRegistry registry,
      Optional<Tracer> tracer,
      Consumer<Throwable> onFatal,
      Runnable beforeCommit) {
    this.connections = connections;
    this.beforeCommit = beforeCommit;
    this.model = model;
    this.metrics = new WorkerMetrics(registry, tracer, settings.model());
    this.samplingThreads = new SamplingThreads(settings.samplingThreads());
    // What may fail comes before the first thread is started.
    var consumer = connections.clients().requestConsumer(connections.session());
    streams = StreamThread.start(
        connections.clients().streamConsumer(),
        connections.producer(),
        connections.admin(),
        KafkaClients.DELIVERY,
        settings.requestTopic());
    EngineInbox inbox = new EngineInbox(settings.inboxCapacity());
    IntakeLoop intakeLoop = intakeLoop(settings, model, inbox, consumer);
    EngineLoop engineLoop = new EngineLoop(
        inbox,
        model.causalModel(),
        samplingThreads.sampler(model.causalModel().shape().vocabularySize()),
        settings.limits(),
        registry,
        metrics.tags());
    metrics.show(consumer, connections.producer());
    metrics.follow(intakeLoop::standing, connections.admin());
    condition = new WorkerCondition(settings.model(), intakeLoop::standing, System::nanoTime);
    engine = EngineThread.start(engineLoop, inbox, model.causalModel(), onFatal);
    intake = IntakeThread.start(intakeLoop, settings.grace(), onFatal);
    priceThread = FollowThread.start(
        "prices",
        FollowedTopic.by(connections.admin(), Topics.PRICES),
        connections.clients()::followingConsumer,
        new PriceRecords(settings.model(), prices),
        "answers may have no estimated cost");
    controlThread = FollowThread.start(
        "control",
        FollowedTopic.by(connections.admin(), Topics.CONTROL),
        connections.clients()::followingConsumer,
        new ControlRecords(cancellations),
        "nothing can be cancelled");
  }

  private IntakeLoop intakeLoop(
      WorkerSettings settings,
      ServedModel model,
      EngineInbox inbox,
      org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer) {
    ModelShape shape = model.causalModel().shape();
    ReplyWriter writer = metrics.measure(new KafkaReplyWriter(
        connections.admin(),
        connections.producer(),
        settings.createsReplyTopics(),
        KafkaClients.UNACKNOWLEDGED_REPLY_BYTES,
        KafkaClients.DELIVERY,
        InstantSource.system()));
    ReplyLogReader reader = new KafkaReplyLogReader(
        connections.admin(), connections.logConsumers(), logThread, LOG_PATIENCE);
    RequestDispatcher dispatcher = new RequestDispatcher(
        new IntakePolicy(settings.names(), settings.allowedReplyTopics(), settings.users()),
        new RequestMapper(model.prompts(), shape.contextTokens(), shape.vocabularySize()),
        reader,
        new Answers(
            model.endIds(),
            model.tokenizer(),
            shape.vocabularySize(),
            prices::cost,
            writer,
            reader,
            Delays.REAL,
            replyThread,
            metrics.requests()),
        new RequestWatch(
            new EarlyEnds(cancellations, InstantSource.system()),
            new ProgressReports(settings.progressEvery(), IntakeClock.system())),
        streams);
    RequestCloser closer = new RequestCloser(
        new DeadLetters(Topics.workerGroup(settings.requestTopic())),
        new UsageRecords(),
        settings.model(),
        InstantSource.system(),
        metrics.requests());
    return new IntakeLoop(
        consumer,
        settings.requestTopic(),
        dispatcher,
        inbox,
        closer,
        this::partitionCloser,
        writerNames(connections.workerId()),
        connections.session(),
        IntakeClock.system());
  }

  private PartitionCloser partitionCloser(TopicPartition partition) {
    return new PartitionCloser(
        partition,
        () -> metrics.measure(new KafkaClosingProducer(
            partition, connections.clients().closingProducer(partition, connections.session()))),
        closerThreads,
        beforeCommit);
  }

  /**
   * Starts a worker, makes its topics if they do not exist, and returns when it is announced that the
   * model is served.
   *
   * @param model belongs to the worker from now on, which closes it
   * @param registry takes what the worker measures
   * @param onFatal is told what a thread died of; the worker answers nothing any more and is to be
   *     closed
   * @throws KafkaException when the brokers cannot be reached or refuse the topics
   */
  public static Worker start(
      WorkerSettings settings,
      ServedModel model,
      MeterRegistry registry,
      Consumer<Throwable> onFatal)
      throws InterruptedException {
    Connections connections;
    try {
      connections = Connections.open(settings);
    } catch (RuntimeException | InterruptedException e) {
      model.close();
      throw e;
    }
    return run(settings, model, connections, registry, Optional.empty(), onFatal, () -> {});
  }

  /**
   * Starts a worker like {@link #start(WorkerSettings, ServedModel, MeterRegistry, Consumer)}, but
   * loads the model in between, and tells clients that it does.
   *
   * @throws ModelLoadException when the model cannot be served; nothing is left open
   */
  public static Worker start(
      WorkerSettings settings,
      ModelSource source,
      MeterRegistry registry,
      Consumer<Throwable> onFatal)
      throws ModelLoadException, InterruptedException {
    return start(settings, source, registry, Optional.empty(), onFatal, () -> {});
  }

  /**
   * Starts a worker like {@link #start(WorkerSettings, ModelSource, MeterRegistry, Consumer)}, in which
   * something may go wrong where that is worst.
   *
   * @param tracer is told of each request; empty: nothing is traced
   * @param beforeCommit runs in every close, between sending its offsets and their commit
   * @throws ModelLoadException when the model cannot be served; nothing is left open
   */
  public static Worker start(
      WorkerSettings settings,
      ModelSource source,
      MeterRegistry registry,
      Optional<Tracer> tracer,
      Consumer<Throwable> onFatal,
      Runnable beforeCommit)
      throws ModelLoadException, InterruptedException {
    Connections connections = Connections.open(settings);
    ServedModel model;
    try {
      connections.announcer().loading();
      model = source.load();
    } catch (ModelLoadException | RuntimeException | Error | InterruptedException e) {
      connections.close();
      throw e;
    }
    return run(settings, model, connections, registry, tracer, onFatal, beforeCommit);
  }

  private static Worker run(
      WorkerSettings settings,
      ServedModel model,
      Connections connections,
      MeterRegistry registry,
      Optional<Tracer> tracer,
      Consumer<Throwable> onFatal,
      Runnable beforeCommit)
      throws InterruptedException {
    Worker worker;
    try {
      worker = new Worker(settings, model, connections, registry, tracer, onFatal, beforeCommit);
    } catch (RuntimeException e) {
      connections.close();
      model.close();
      throw e;
    }
    try {
      connections.announcer().ready(model.causalModel().shape().contextTokens());
    } catch (InterruptedException e) {
      worker.close();
      throw e;
    }
    return worker;
  }

  private static Supplier<String> writerNames(String workerId) {
    AtomicLong assignments = new AtomicLong();
    return () -> workerId + "." + assignments.incrementAndGet();
  }

  /** Whether the worker is well. */
  public WorkerCondition condition() {
    return condition;
  }

  /**
   * Takes no more requests, waits a while for those in progress, and ends everything in order:
   * answers are ended and offsets committed before the group is left, and then the model is freed.
   */
  @Override
  public void close() {
    intake.close();
    closeRest();
  }

  /** Ends like {@link #close()}, without a wait for requests in progress: nobody answers them. */
  public void abort() {
    intake.abort();
    closeRest();
  }

  private void closeRest() {
    metrics.close();
    engine.close();
    samplingThreads.close();
    streams.close();
    end(replyThread);
    end(closerThreads);
    end(logThread);
    priceThread.close();
    controlThread.close();
    connections.close();
    model.tokenizer().close();
  }

  private static void end(ExecutorService thread) {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(END.toSeconds(), TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
