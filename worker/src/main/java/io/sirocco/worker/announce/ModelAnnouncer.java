package io.sirocco.worker.announce;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.contracts.model.ModelNames;
import io.sirocco.contracts.model.ModelState;
import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces the model of one worker. An announcement that cannot be written is logged and no more:
 * who knows the request topic is answered all the same.
 *
 * <p>Confined to the thread that starts and closes the worker.
 */
public final class ModelAnnouncer {
  private static final Logger log = LoggerFactory.getLogger(ModelAnnouncer.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Producer<String, byte[]> producer;
  private final ModelNames names;
  private final boolean isDefault;
  private final String worker;
  private final InstantSource clock;
  private final JsonCodec codec = new JsonCodec();
  private boolean loading;

  /**
   * @param producer writes the announcements; stays the caller's
   * @param isDefault whether requests that name no model are meant for this one
   * @param worker unique to one run of a worker
   */
  public ModelAnnouncer(
      Producer<String, byte[]> producer,
      ModelNames names,
      boolean isDefault,
      String worker,
      InstantSource clock) {
    this.producer = producer;
    this.names = names;
    this.isDefault = isDefault;
    this.worker = worker;
    this.clock = clock;
  }

  /** Announces that the model is being loaded. */
  public void loading() throws InterruptedException {
    loading = true;
    write(announcement(ModelState.LOADING, null));
  }

  /**
   * Announces that requests are taken; returns when clients can know it.
   *
   * @param contextLength the most tokens of prompt and answer together
   */
  public void ready(int contextLength) throws InterruptedException {
    write(announcement(ModelState.READY, contextLength));
    withdraw();
  }

  /**
   * Removes what would not be true any more without this worker: that it is loading. A model that was
   * ready stays known, for its request topic still takes requests.
   */
  public void withdraw() throws InterruptedException {
    if (loading) {
      loading = false;
      write(ModelAnnouncement.loadingKey(names.name(), worker), null);
    }
  }

  private ModelAnnouncement announcement(ModelState state, @Nullable Integer contextLength) {
    return new ModelAnnouncement(
        names.name(),
        names.aliases(),
        Topics.requests(names.name()),
        contextLength,
        state,
        isDefault,
        worker,
        clock.millis());
  }

  private void write(ModelAnnouncement announcement) throws InterruptedException {
    write(announcement.key(), codec.writeBytes(announcement));
  }

  private void write(String key, byte @Nullable [] value) throws InterruptedException {
    try {
      Future<RecordMetadata> written =
          producer.send(new ProducerRecord<>(Topics.MODELS, key, value));
      written.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      log.warn("announcement not written, clients may not find the model key={}", key, e);
    }
  }
}
