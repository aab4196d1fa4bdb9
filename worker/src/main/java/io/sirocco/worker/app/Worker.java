package io.sirocco.worker.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.engine.EngineLoop;
import io.sirocco.worker.engine.EngineThread;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.intake.DeadLetters;
import io.sirocco.worker.intake.IntakeLoop;
import io.sirocco.worker.intake.IntakePolicy;
import io.sirocco.worker.intake.IntakeThread;
import io.sirocco.worker.intake.RequestCloser;
import io.sirocco.worker.intake.RequestDispatcher;
import io.sirocco.worker.intake.RequestTopics;
import io.sirocco.worker.prompt.RequestMapper;
import io.sirocco.worker.reply.DurableWriter;
import io.sirocco.worker.reply.KafkaReplyWriter;
import io.sirocco.worker.reply.ReplyWriter;
import io.sirocco.worker.usage.UsageMeter;
import java.time.Duration;
import java.time.InstantSource;
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
 * <p>Four threads meet in queues only: {@code intake} owns the consumer and the offsets, {@code
 * engine} the model and all sequences, {@code reply} the writing of answers, {@code closer} that of
 * dead letters and usage events.
 *
 * <p>Thread-safe.
 */
public final class Worker implements AutoCloseable {
  private static final Duration END = Duration.ofSeconds(5);

  private final Admin admin;
  private final Producer<String, byte[]> producer;
  private final ExecutorService replyThread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "reply"));
  private final ExecutorService closerThread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "closer"));
  private final ServedModel model;
  private final EngineThread engine;
  private final IntakeThread intake;

  private Worker(
      WorkerSettings settings,
      ServedModel model,
      Admin admin,
      MeterRegistry registry,
      Consumer<Throwable> onFatal) {
    this.admin = admin;
    this.model = model;
    KafkaClients clients = new KafkaClients(settings);
    // What may fail comes before the first thread is started.
    var consumer = clients.requestConsumer();
    try {
      producer = clients.replyProducer();
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
    EngineInbox inbox = new EngineInbox(settings.inboxCapacity());
    IntakeLoop intakeLoop = intakeLoop(settings, model, inbox, consumer);
    EngineLoop engineLoop =
        new EngineLoop(inbox, model.causalModel(), settings.maxBatchedTokens(), registry);
    engine = EngineThread.start(engineLoop, inbox, model.causalModel(), onFatal);
    intake = IntakeThread.start(intakeLoop, settings.grace(), onFatal);
  }

  private IntakeLoop intakeLoop(
      WorkerSettings settings,
      ServedModel model,
      EngineInbox inbox,
      org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer) {
    ReplyWriter writer = new KafkaReplyWriter(admin, producer, settings.createsReplyTopics());
    DurableWriter durably = new DurableWriter(writer, closerThread);
    RequestDispatcher dispatcher = new RequestDispatcher(
        new IntakePolicy(settings.model(), settings.allowedReplyTopics(), settings.users()),
        model.endIds(),
        new RequestMapper(model.prompts(), model.causalModel().shape().contextTokens()),
        model.tokenizer(),
        writer,
        replyThread);
    RequestCloser closer = new RequestCloser(
        new DeadLetters(durably, Topics.workerGroup(settings.requestTopic())),
        new UsageMeter(durably),
        settings.model(),
        InstantSource.system());
    return new IntakeLoop(
        consumer, settings.requestTopic(), dispatcher, inbox, closer, writerNames());
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
    Admin admin = new KafkaClients(settings).admin();
    try {
      new RequestTopics(settings.partitions()).ensure(admin, settings.requestTopic());
      return new Worker(settings, model, admin, registry, onFatal);
    } catch (RuntimeException | InterruptedException e) {
      admin.close();
      model.close();
      throw e;
    }
  }

  private static Supplier<String> writerNames() {
    String worker = UUID.randomUUID().toString();
    AtomicLong assignments = new AtomicLong();
    return () -> worker + "." + assignments.incrementAndGet();
  }

  /**
   * Takes no more requests, waits a while for those in progress, and ends everything in order:
   * answers are ended and offsets committed before the group is left, and then the model is freed.
   */
  @Override
  public void close() {
    intake.close();
    engine.close();
    end(replyThread);
    end(closerThread);
    producer.close(END); // Records for a topic that vanished would be waited for for minutes.
    admin.close(END);
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
