package io.sirocco.client;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.contracts.request.ReplyHandle;
import io.sirocco.contracts.request.RequestFingerprint;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.contracts.usage.Receipt;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * Submits chat completions through Kafka and gives their answers as they are generated.
 *
 * <p>One client serves a whole backend. An answer can be read in three ways, also at once and by many:
 *
 * <pre>{@code
 * static void ask(Flow.Subscriber<ChatChunk> subscriber) {
 *   ClientSettings settings = ClientSettings.builder("localhost:9092").build();
 *   ChatRequest request =
 *       ChatRequest.builder().message(ChatMessage.user("What is a mistral?")).build();
 *   try (SiroccoClient client = SiroccoClient.connect(settings)) {
 *     ReplyStream answer = client.submit(request);
 *
 *     for (ChatChunk chunk : answer) { // as it is generated
 *       chunk.choices().forEach(choice -> System.out.print(choice.delta().content()));
 *     }
 *     answer.subscribe(subscriber); // the same, at its own pace
 *     System.out.println(answer.await(Duration.ofMinutes(1)).text()); // as a whole
 *   }
 * }
 * }</pre>
 *
 * <p>The answer is a log, and stays for a while after its end. Whoever has its handle can read it,
 * from any sequence on, in this process or another:
 *
 * <pre>{@code
 * static void goOn(SiroccoClient client, String handle, long lastSeen) {
 *   ReplyStream answer = client.attach(ReplyHandle.parse(handle), lastSeen + 1);
 *   for (RawReply reply : answer.records()) {
 *     System.out.println(reply.reply().sequence() + " " + reply.value());
 *   }
 * }
 * }</pre>
 *
 * <p>A broker that is away is waited for: readers go on where they stood. So wait with a limit, as
 * {@link ReplyStream#await} does.
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
  private final Cancels cancels;
  private final Supplier<String> requestIds;
  private final Set<OpenAnswer> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  SiroccoClient(
      ClientSettings settings,
      Connections connections,
      Executor callbacks,
      InstantSource clock,
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
    this.cancels = new Cancels(connections.producer(), codec, callbacks, clock);
    this.requestIds = requestIds;
  }

  /**
   * Opens a client. Does not wait for the broker: the first request does.
   *
   * @throws KafkaException when a Kafka property or the address of the broker is not usable
   */
  public static SiroccoClient connect(ClientSettings settings) {
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    String clientId = uniqueName(settings.clientName(), random);
    return new SiroccoClient(
        settings,
        Connections.open(settings, clientId, clock, random),
        new CallbackThreads(clientId),
        clock,
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
   * <p>Under an id that the user has asked the same request by before, the answer is that of the first
   * one, as long as that is there.
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
    RequestKey key = RequestKey.of(RequestRecords.user(request, options), requestId);
    OpenAnswer answer = openAnswer(key);
    try {
      RequestRouter.Route route = router.route(request, requestId);
      ProducerRecord<byte[], byte[]> kafkaRecord = requestRecords.of(route, options, requestId);
      RequestKey listedAs = null;
      if (options.listed()) {
        connections.listings().prepare(Deadline.after(settings.submitTimeout()));
        listedAs = key;
      }
      send(kafkaRecord, answer, connections.topics().lease(), listedAs);
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
    return stream(key, answer, false, 0);
  }

  /**
   * Submits {@code request} unless one under its id is listed on {@code chat.streams}: then returns
   * that one's answer. A request with another body under the same id gives an answer that has failed
   * with a {@link ChatFailedException} of the code {@code request_id_conflict}.
   *
   * <p>Two that come before a worker has taken up the first may both be submitted: which of them is
   * answered, the worker decides, and writes it down. So they had better not ask to be {@linkplain
   * SubmitOptions#listed() listed}: the place of the other one would stand there.
   *
   * @param options with an id
   * @throws IllegalArgumentException when the options have no id
   * @throws SiroccoException when it cannot be known whether one is listed
   */
  public ReplyStream submitOnce(ChatRequest request, SubmitOptions options) {
    String requestId = options.requestId();
    if (requestId == null) {
      throw new IllegalArgumentException("expected options with an id, found none");
    }
    if (closed.get()) {
      throw new ClientClosedException("expected an open client, found a closed one");
    }
    RequestKey key = RequestKey.of(RequestRecords.user(request, options), requestId);
    StreamLocation first = connections.streams().locate(key, settings.submitTimeout());
    if (first == null) {
      return submit(request, options);
    }
    try {
      return isSame(request, options, requestId, first)
          ? attach(StreamFinder.handle(key, first), 0)
          : conflict(key);
    } catch (ReplyNotFoundException e) {
      return submit(request, options); // The answer is gone, and with it what it could repeat.
    }
  }

  private boolean isSame(
      ChatRequest request, SubmitOptions options, String requestId, StreamLocation first) {
    try {
      byte[] body = requestRecords
          .of(router.route(request, requestId), options, requestId)
          .value();
      return RequestFingerprint.of(body).equals(first.fingerprint());
    } catch (TimeoutException e) {
      throw new ModelsUnavailableException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReplyInterruptedException("interrupted while waiting for the models", e);
    }
  }

  private ReplyStream conflict(RequestKey key) {
    OpenAnswer answer = openAnswer(key);
    answer.fail(new ChatFailedException(
        key.requestId(),
        ErrorBody.of(
            ErrorCode.REQUEST_ID_CONFLICT,
            "expected the body of the first request under this id, found another",
            null,
            null)));
    return stream(key, answer, false, 0);
  }

  private OpenAnswer openAnswer(RequestKey key) {
    String requestId = key.requestId();
    OpenAnswer answer = new OpenAnswer(requestId, codec);
    if (settings.receipts()) {
      answer.whenRead(() -> writeReceipt(new ReadAnswer(key, answer, codec)));
    }
    open.add(answer);
    if (closed.get()) {
      open.remove(answer);
      throw new ClientClosedException(
          "expected an open client for request " + requestId + ", found a closed one");
    }
    answer.whenEnded(failure -> open.remove(answer));
    return answer;
  }

  private void writeReceipt(ReadAnswer read) {
    Receipt receipt = read.receipt();
    if (receipt != null) {
      connections.receipts().write(receipt);
    }
  }

  private ReplyStream stream(
      RequestKey key, OpenAnswer answer, boolean attached, long fromSequence) {
    return new ReplyStream(
        key, answer, attached, fromSequence, callbacks, () -> cancels.cancel(key));
  }

  private void send(
      ProducerRecord<byte[], byte[]> kafkaRecord,
      OpenAnswer answer,
      ReplyAddress address,
      @Nullable RequestKey listedAs) {
    Submission submission =
        new Submission(settings, kafkaRecord.topic(), answer, address, connections.topics());
    connections.hub().open(address, answer);
    answer.whenEnded(failure -> {
      connections.hub().leave(address, answer);
      connections.topics().answered(address);
      submission.answerEnded(failure);
    });
    answer.followBy(elsewhere -> callbacks.execute(() -> follow(answer, address, elsewhere)));
    RequestRecords.direct(kafkaRecord, address);
    try {
      // The future says what the callback is told.
      var unused = connections.producer().send(kafkaRecord, (place, fault) -> {
        submission.onCompletion(place, fault);
        if (fault == null && listedAs != null) {
          // Not on the producer's own thread, which would wait for news that it brings itself.
          callbacks.execute(() -> list(listedAs, kafkaRecord.value(), address, place, answer));
        } else {
          answer.listed().complete(null);
        }
      });
    } catch (RuntimeException e) {
      // The producer was closed meanwhile, or cannot go on, or an interceptor failed.
      submission.fail(e);
    }
  }

  /** Reads {@code answer}, that of a repeated request, where the first one is answered. */
  private void follow(OpenAnswer answer, ReplyAddress own, ReplyHandle elsewhere) {
    connections.hub().leave(own, answer);
    try {
      connections.lateReaders().open(ReplyAddress.of(elsewhere), answer, settings.submitTimeout());
    } catch (SiroccoException e) {
      answer.fail(e);
    }
  }

  private void list(
      RequestKey key, byte[] body, ReplyAddress address, RecordMetadata place, OpenAnswer answer) {
    StreamLocation location = new StreamLocation(
        address.topic(),
        address.partition().partition(),
        address.offset(),
        RequestFingerprint.of(body),
        place.topic(),
        place.partition(),
        place.offset(),
        place.timestamp());
    var unused = connections.listings().write(key, location).whenComplete((written, fault) -> {
      if (fault == null) {
        answer.listed().complete(null);
      } else {
        answer.listed().completeExceptionally(fault);
      }
    });
  }

  /** Returns the answer that {@code handle} leads to; see {@link #attach(ReplyHandle, long)}. */
  public ReplyStream attach(ReplyHandle handle) {
    return attach(handle, 0);
  }

  /**
   * Returns the answer that {@code handle} leads to, whoever asked for it, for readers that begin at
   * {@code fromSequence}; {@link ReplyStream#await} gives the whole all the same. Any number of
   * clients may read one answer. To go away or to come back changes nothing for the others.
   *
   * <p>Waits until the place is known to be there, and no longer than the settings say for a submit.
   *
   * @throws ReplyNotFoundException when the answer was deleted
   * @throws ReplyTimeoutException when the broker does not say in time whether it is there
   * @throws ReplyLostException when the broker refuses to say it
   * @throws ReplyInterruptedException when the thread is interrupted
   * @throws IllegalArgumentException when the sequence is negative
   * @throws ClientClosedException when the client is closed
   */
  public ReplyStream attach(ReplyHandle handle, long fromSequence) {
    OpenAnswer answer = openAnswer(handle.key());
    try {
      ReplyStream stream = stream(handle.key(), answer, true, fromSequence);
      answer.listed().complete(null); // Whoever has the handle has no need of it.
      connections.lateReaders().open(ReplyAddress.of(handle), answer, settings.submitTimeout());
      return stream;
    } catch (SiroccoException e) {
      answer.fail(e);
      throw e;
    } catch (RuntimeException e) {
      open.remove(answer);
      throw e;
    }
  }

  /**
   * Returns the answer to a request of a user under an id, as {@link #attach(ReplyHandle, long)} does;
   * where it lives is looked for on {@code chat.streams}, which is read from its beginning. Another
   * user's request is as if it did not exist.
   *
   * @param key such as {@code RequestKey.of("u-17", "r-1")}
   * @throws ReplyNotFoundException when nobody wrote down where the answer lives, or it was deleted
   */
  public ReplyStream attach(RequestKey key, long fromSequence) {
    if (closed.get()) {
      throw new ClientClosedException("expected an open client, found a closed one");
    }
    return attach(connections.streams().find(key, settings.submitTimeout()), fromSequence);
  }

  /**
   * Returns the answer to a request that named no user; see {@link #attach(RequestKey, long)}.
   *
   * @throws ReplyNotFoundException when nobody wrote down where the answer lives, or it was deleted
   */
  public ReplyStream attach(String requestId, long fromSequence) {
    return attach(RequestKey.of(null, requestId), fromSequence);
  }

  /**
   * Has the requests cancelled that {@code key} means, waiting or running, of this client or another;
   * see {@link ReplyStream#cancel}.
   *
   * @return completes when the wish is written down
   * @throws ClientClosedException when the client is closed
   */
  public CompletableFuture<Void> cancel(RequestKey key) {
    if (closed.get()) {
      throw new ClientClosedException("expected an open client, found a closed one");
    }
    return cancels.cancel(key);
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
   * Returns the model that a request is sent to, by the name or alias in it, or without one the default
   * model; empty when there is none. Waits only while the models are not known yet, or none has that
   * name, and no longer than the settings say.
   *
   * @throws ModelsUnavailableException when they cannot be read in time
   * @throws ReplyInterruptedException when the thread is interrupted
   * @throws ClientClosedException when the client is closed
   */
  public Optional<ModelAnnouncement> findModel(@Nullable String asked) {
    try {
      return connections.models().find(asked);
    } catch (TimeoutException e) {
      throw new ModelsUnavailableException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReplyInterruptedException("interrupted while waiting for the models", e);
    }
  }

  /**
   * Returns what Kafka measures of the producer of requests and of the consumers of answers, as they are
   * now; values change, and names come and go with reply topics.
   */
  public Map<MetricName, Metric> metrics() {
    return connections.metrics();
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
