package io.sirocco.worker.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.engine.EngineLoop;
import io.sirocco.worker.engine.EngineThread;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.intake.IntakeThread;
import io.sirocco.worker.intake.RequestDispatcher;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.prompt.RequestMapper;
import io.sirocco.worker.reply.KafkaReplyWriter;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/**
 * A running worker: answers the requests of one model's topic until it is closed.
 *
 * <p>Three threads meet in queues only: {@code intake} owns the consumer and the offsets, {@code
 * engine} the model and all sequences, {@code reply} the writing of answers.
 *
 * <p>Thread-safe.
 */
public final class Worker implements AutoCloseable {
  private final IntakeThread intake;
  private final EngineThread engine;
  private final ExecutorService replyThread;
  private final Connections connections;

  private Worker(
      IntakeThread intake,
      EngineThread engine,
      ExecutorService replyThread,
      Connections connections) {
    this.intake = intake;
    this.engine = engine;
    this.replyThread = replyThread;
    this.connections = connections;
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
    } catch (KafkaException | InterruptedException e) {
      model.causalModel().close();
      throw e;
    }
    return run(settings, model, connections, registry, onFatal);
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
    Connections connections = Connections.open(settings);
    ServedModel model;
    try {
      connections.announcer().loading();
      model = source.load();
    } catch (ModelLoadException | RuntimeException | Error | InterruptedException e) {
      connections.close();
      throw e;
    }
    return run(settings, model, connections, registry, onFatal);
  }

  private static Worker run(
      WorkerSettings settings,
      ServedModel model,
      Connections connections,
      MeterRegistry registry,
      Consumer<Throwable> onFatal)
      throws InterruptedException {
    int contextTokens = model.causalModel().shape().contextTokens();
    ExecutorService replyThread =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "reply"));
    EngineInbox inbox = new EngineInbox(settings.inboxCapacity());
    EngineLoop loop =
        new EngineLoop(inbox, model.causalModel(), settings.maxBatchedTokens(), registry);
    EngineThread engine = EngineThread.start(loop, inbox, model.causalModel(), onFatal);
    KafkaReplyWriter writer = new KafkaReplyWriter(connections.admin(), connections.producer());
    RequestMapper mapper = new RequestMapper(model.prompts(), contextTokens);
    RequestDispatcher dispatcher = new RequestDispatcher(
        settings.names(),
        settings.allowedReplyTopics(),
        model.endIds(),
        mapper,
        model.tokenizer(),
        writer,
        replyThread);
    IntakeThread intake = IntakeThread.start(
        new IntakeThread.Kafka(
            connections.clients().requestConsumer(),
            writer,
            settings.requestTopic(),
            Topics.workerGroup(settings.requestTopic())),
        dispatcher,
        inbox,
        replyThread,
        writerNames(connections.workerId()),
        settings.grace(),
        onFatal);
    Worker worker = new Worker(intake, engine, replyThread, connections);
    try {
      connections.announcer().ready(contextTokens);
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

  /**
   * Takes no more requests, waits a while for those in progress, and ends everything in order:
   * offsets are committed before the group is left, and the model is freed last.
   */
  @Override
  public void close() {
    intake.close();
    engine.close();
    replyThread.shutdown();
    try {
      if (!replyThread.awaitTermination(5, TimeUnit.SECONDS)) {
        replyThread.shutdownNow();
      }
    } catch (InterruptedException e) {
      replyThread.shutdownNow();
      Thread.currentThread().interrupt();
    }
    connections.close();
  }
}
