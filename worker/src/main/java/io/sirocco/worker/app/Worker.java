package io.sirocco.worker.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.engine.EngineLoop;
import io.sirocco.worker.engine.EngineThread;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.intake.IntakeThread;
import io.sirocco.worker.intake.RequestDispatcher;
import io.sirocco.worker.intake.RequestTopics;
import io.sirocco.worker.prompt.RequestMapper;
import io.sirocco.worker.reply.KafkaReplyWriter;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
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
  private final Producer<String, byte[]> producer;
  private final Admin admin;

  private Worker(
      IntakeThread intake,
      EngineThread engine,
      ExecutorService replyThread,
      Producer<String, byte[]> producer,
      Admin admin) {
    this.intake = intake;
    this.engine = engine;
    this.replyThread = replyThread;
    this.producer = producer;
    this.admin = admin;
  }

  /**
   * Starts a worker, and makes its topics if they do not exist.
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
    KafkaClients clients = new KafkaClients(settings);
    Admin admin = clients.admin();
    try {
      new RequestTopics(settings.partitions()).ensure(admin, settings.requestTopic());
    } catch (KafkaException | InterruptedException e) {
      admin.close();
      model.causalModel().close();
      throw e;
    }
    Producer<String, byte[]> producer = clients.replyProducer();
    var consumer = clients.requestConsumer();
    ExecutorService replyThread =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "reply"));
    EngineInbox inbox = new EngineInbox(settings.inboxCapacity());
    EngineLoop loop =
        new EngineLoop(inbox, model.causalModel(), settings.maxBatchedTokens(), registry);
    EngineThread engine = EngineThread.start(loop, inbox, model.causalModel(), onFatal);
    KafkaReplyWriter writer = new KafkaReplyWriter(admin, producer);
    RequestMapper mapper =
        new RequestMapper(model.prompts(), model.causalModel().shape().contextTokens());
    RequestDispatcher dispatcher = new RequestDispatcher(
        settings.model(),
        settings.allowedReplyTopics(),
        model.endIds(),
        mapper,
        model.tokenizer(),
        writer,
        replyThread);
    IntakeThread intake = IntakeThread.start(
        new IntakeThread.Kafka(
            consumer, writer, settings.requestTopic(), Topics.workerGroup(settings.requestTopic())),
        dispatcher,
        inbox,
        replyThread,
        writerNames(),
        settings.grace(),
        onFatal);
    return new Worker(intake, engine, replyThread, producer, admin);
  }

  private static Supplier<String> writerNames() {
    String worker = UUID.randomUUID().toString();
    AtomicLong assignments = new AtomicLong();
    return () -> worker + "." + assignments.incrementAndGet();
  }

  /**
   * Takes no more requests, waits a while for those in progress, and ends everything in order:
   * offsets are committed before the group is left, and the model is freed last.
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
    producer.close();
    admin.close();
  }
}
