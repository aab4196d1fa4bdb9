package io.sirocco.client;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.model.ModelAnnouncement;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Submits chat completions through Kafka and gives their answers as they are generated.
 *
 * <p>One client serves a whole backend. An answer can be read in three ways, also at once:
 *
 * <pre>{@code
 * try (SiroccoClient client = SiroccoClient.connect(settings)) {
 *   ReplyStream answer = client.submit(request);
 *
 *   for (ChatChunk chunk : answer) {                            // as it is generated
 *     chunk.choices().forEach(choice -> print(choice.delta()));
 *   }
 *   answer.subscribe(flowSubscriber);                           // the same, at its own pace
 *   String text = answer.await(Duration.ofMinutes(1)).text();   // as a whole
 * }
 * }</pre>
 *
 * <p>An answer whose worker dies in the middle of it may stay without an end: workers do not take
 * answers over yet. So wait with a limit, as {@link ReplyStream#await} does.
 *
 * <p>Thread-safe.
 */
public final class SiroccoClient implements AutoCloseable {
  private final ClientSettings settings;
  private final Connections connections;
  private final RequestRouter router;
  private final RequestRecords requestRecords;
  private final JsonCodec codec;
  private final Executor callbacks;
  private final Supplier<String> requestIds;
  private final Set<OpenAnswer> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  SiroccoClient(
      ClientSettings settings,
      Connections connections,
      Executor callbacks,
      Supplier<String> requestIds) {
    this.settings = settings;
    this.connections = connections;
    this.codec = new JsonCodec();
    String fixedTopic = settings.requestTopic();
    this.router = fixedTopic == null
        ? new ModelRouter(connections.models())
        : (request, requestId) -> new RequestRouter.Route(fixedTopic, request);
    this.requestRecords = new RequestRecords(codec);
    this.callbacks = callbacks;
    this.requestIds = requestIds;
  }

  /**
   * Opens a client. Does not wait for the broker: the first request does.
   *
   * @throws KafkaException when a Kafka property or the address of the broker is not usable
   */
  public static SiroccoClient connect(ClientSettings settings) {
    String clientId = uniqueName(settings.clientName(), new SecureRandom());
    return new SiroccoClient(
        settings,
        Connections.open(settings, clientId, InstantSource.system()),
        new CallbackThreads(clientId),
        () -> UUID.randomUUID().toString());
  }

  /** Names of reply topics must never be used twice, not by another run of the client either. */
  private static String uniqueName(String clientName, RandomGenerator random) {
    return clientName + "-" + Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX);
  }

  /** Submits {@code request} under a new id; see {@link #submit(ChatRequest, SubmitOptions)}. */
  public ReplyStream submit(ChatRequest request) {
    return submit(request, SubmitOptions.none());
  }

  /**
   * Submits {@code request} and returns its answer, which is still to come. Unless the settings name
   * a model or a topic, the request goes to the model that it names, by name or alias, or else to the
   * default model.
   *
   * <p>Blocks only while the models are not known yet, no reply topic is ready, or nothing is known
   * about the request topic, and no longer than the settings say. A request that cannot be sent gives
   * an answer that has failed with a {@link SubmitFailedException}; one for a model that nobody
   * announced, with a {@link ChatFailedException} of the code {@code model_not_found}.
   *
   * @throws IllegalArgumentException when an extra field of the request cannot be written as JSON
   * @throws ClientClosedException when the client is closed
   */
  public ReplyStream submit(ChatRequest request, SubmitOptions options) {
    String requestId = options.requestId() == null ? requestIds.get() : options.requestId();
    OpenAnswer answer = new OpenAnswer(requestId, codec);
    open.add(answer);
    if (closed.get()) {
      open.remove(answer);
      throw new ClientClosedException(
          "expected an open client for request " + requestId + ", found a closed one");
    }
    answer.whenEnded(failure -> open.remove(answer));
    try {
      RequestRouter.Route route = router.route(request, requestId);
      ProducerRecord<byte[], byte[]> kafkaRecord = requestRecords.of(route, options, requestId);
      send(kafkaRecord, answer, connections.topics().lease());
    } catch (ChatFailedException | ClientClosedException e) {
      answer.fail(e);
    } catch (TimeoutException e) {
      answer.fail(new SubmitFailedException(
          "request " + requestId + " could not be sent: " + e.getMessage(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.fail(new ReplyInterruptedException(
          "interrupted before request " + requestId + " was sent", e));
    } catch (RuntimeException e) {
      // No reply topic was taken yet: the request could not even be written down.
      open.remove(answer);
      throw e;
    }
    return new ReplyStream(answer, callbacks);
  }

  private void send(
      ProducerRecord<byte[], byte[]> kafkaRecord, OpenAnswer answer, ReplyAddress address) {
    Submission submission =
        new Submission(settings, kafkaRecord.topic(), answer, address, connections.topics());
    connections.hub().open(address, answer);
    answer.whenEnded(failure -> {
      connections.hub().finish(address);
      submission.answerEnded(failure);
    });
    RequestRecords.direct(kafkaRecord, address);
    try {
      // The future says what the callback is told.
      var unused = connections.producer().send(kafkaRecord, submission);
    } catch (RuntimeException e) {
      // The producer was closed meanwhile, or cannot go on, or an interceptor failed.
      submission.fail(e);
    }
  }

  /**
   * Returns the models that workers have announced, ordered by name, whether one lives right now or
   * not. Waits until all is read that was announced before, and no longer than the settings say.
   *
   * @throws ModelsUnavailableException when they cannot be read in time
   * @throws ReplyInterruptedException when the thread is interrupted
   * @throws ClientClosedException when the client is closed
   */
  public List<ModelAnnouncement> models() {
    try {
      return connections.models().refreshed().models();
    } catch (TimeoutException e) {
      throw new ModelsUnavailableException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReplyInterruptedException("interrupted while waiting for the models", e);
    }
  }

  /**
   * Closes the client: answers that are still open end with a {@link ClientClosedException} for their
   * readers, while the workers finish them. Reply topics that were not used, and those of answered
   * requests, are deleted; workers are given a moment to close the latter. Takes no longer than the
   * settings say.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    for (OpenAnswer answer : open) {
      answer.fail(new ClientClosedException(
          "the client was closed before the answer to request " + answer.requestId() + " ended"));
    }
    connections.close(settings.closeTimeout());
  }
}
