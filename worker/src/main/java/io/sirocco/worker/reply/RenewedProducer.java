package io.sirocco.worker.reply;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer for ever new topics. Kafka's own keeps a queue and some ten figures of every topic that it
 * ever wrote to, and looks through all of them in each round; so after so many topics another one takes
 * its place.
 *
 * <p>What is written to a topic stays in order. Topics stay with their producer until the next but one
 * takes over, and then for as long as a record is on its way there: an answer has seldom two producers.
 *
 * <p>Thread-safe. Knows no transactions.
 */
public final class RenewedProducer implements Producer<String, byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(RenewedProducer.class);
  private static final Duration END = Duration.ofSeconds(5);
  private static final String CLIENT_ID = "client-id";

  private static final Executor IN_BACKGROUND = task -> {
    Thread thread = new Thread(task, "producer-renewal");
    thread.setDaemon(true);
    thread.start();
  };

  private final Supplier<Producer<String, byte[]>> connect;
  private final int mostTopics;
  private final String clientId;
  private final List<ProducerTerm> ending = new ArrayList<>();
  private @Nullable ProducerTerm former;
  private ProducerTerm current;
  private @Nullable CompletableFuture<Producer<String, byte[]>> next;
  private boolean closed;

  /**
   * Connects the first producer.
   *
   * @param connect makes producers that are alike
   * @param mostTopics after so many topics a producer is replaced
   */
  public RenewedProducer(Supplier<Producer<String, byte[]>> connect, int mostTopics) {
    this.connect = connect;
    this.mostTopics = mostTopics;
    this.current = new ProducerTerm(connect.get());
    this.clientId = current.producer().metrics().keySet().stream()
        .map(name -> name.tags().get(CLIENT_ID))
        .filter(id -> id != null)
        .findFirst()
        .orElse("");
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<String, byte[]> message) {
    return send(message, (metadata, fault) -> {});
  }

  @Override
  public Future<RecordMetadata> send(
      ProducerRecord<String, byte[]> message, @Nullable Callback callback) {
    String topic = message.topic();
    ProducerTerm term = begin(topic);
    AtomicBoolean ended = new AtomicBoolean();
    try {
      return term.producer().send(message, (metadata, fault) -> {
        if (!ended.getAndSet(true)) {
          end(term, topic);
        }
        if (callback != null) {
          callback.onCompletion(metadata, fault);
        }
      });
    } catch (RuntimeException e) {
      if (!ended.getAndSet(true)) {
        end(term, topic);
      }
      throw e;
    }
  }

  private synchronized ProducerTerm begin(String topic) {
    ProducerTerm term = termOf(topic);
    term.begin(topic);
    return term;
  }

  private ProducerTerm termOf(String topic) {
    for (ProducerTerm term : ending) {
      if (term.isWriting(topic)) {
        return term;
      }
    }
    if (former != null && former.hasWritten(topic)) {
      return former;
    }
    if (current.topics() >= mostTopics && !current.hasWritten(topic) && !closed) {
      renew(topic);
    }
    return current;
  }

  /** The next producer connects before anybody waits for it; until it has, all goes on. */
  private void renew(String topic) {
    if (next == null) {
      next = CompletableFuture.supplyAsync(() -> connected(topic), IN_BACKGROUND);
    } else if (next.isDone()) {
      CompletableFuture<Producer<String, byte[]>> made = next;
      next = null;
      if (made.isCompletedExceptionally()) {
        LOG.warn("A new producer could not be made, going on with the old one");
        return;
      }
      ProducerTerm last = former;
      former = current;
      current = new ProducerTerm(made.join());
      if (last != null) {
        ending.add(last);
        closeIfIdle(last);
      }
    }
  }

  private Producer<String, byte[]> connected(String topic) {
    Producer<String, byte[]> producer = connect.get();
    try {
      var unused = producer.partitionsFor(topic);
    } catch (RuntimeException e) {
      LOG.debug("The new producer has not heard of {} yet", topic, e);
    }
    return producer;
  }

  private synchronized void end(ProducerTerm term, String topic) {
    term.end(topic);
    if (ending.contains(term)) {
      closeIfIdle(term);
    }
  }

  private void closeIfIdle(ProducerTerm term) {
    if (term.isIdle()) {
      ending.remove(term);
      // Not on a thread of that producer, which may be the caller's.
      IN_BACKGROUND.execute(() -> term.producer().close(END));
    }
  }

  private synchronized List<Producer<String, byte[]>> open() {
    List<Producer<String, byte[]>> open = new ArrayList<>();
    open.add(current.producer());
    if (former != null) {
      open.add(former.producer());
    }
    ending.forEach(term -> open.add(term.producer()));
    return open;
  }

  private synchronized Producer<String, byte[]> current() {
    return current.producer();
  }

  @Override
  public void flush() {
    open().forEach(Producer::flush);
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return current().partitionsFor(topic);
  }

  /** Those of the present producer, under the names of the first; of single topics none. */
  @Override
  public Map<MetricName, Metric> metrics() {
    Map<MetricName, Metric> metrics = new HashMap<>();
    current().metrics().forEach((name, metric) -> {
      if (!name.tags().containsKey("topic")) {
        metrics.put(named(name), metric);
      }
    });
    return metrics;
  }

  private MetricName named(MetricName name) {
    Map<String, String> tags = new LinkedHashMap<>(name.tags());
    tags.replace(CLIENT_ID, clientId);
    return new MetricName(name.name(), name.group(), name.description(), tags);
  }

  @Override
  public void registerMetricForSubscription(KafkaMetric metric) {
    current().registerMetricForSubscription(metric);
  }

  @Override
  public void unregisterMetricFromSubscription(KafkaMetric metric) {
    current().unregisterMetricFromSubscription(metric);
  }

  @Override
  public Uuid clientInstanceId(Duration timeout) {
    return current().clientInstanceId(timeout);
  }

  @Override
  public void close() {
    close(Duration.ofMillis(Long.MAX_VALUE));
  }

  @Override
  public void close(Duration timeout) {
    synchronized (this) {
      closed = true;
      if (next != null) {
        var unused = next.thenAccept(producer -> producer.close(Duration.ZERO));
      }
    }
    // All wait for their records at the same time.
    List<CompletableFuture<Void>> closing = open().stream()
        .map(producer -> CompletableFuture.runAsync(() -> producer.close(timeout), IN_BACKGROUND))
        .toList();
    closing.forEach(CompletableFuture::join);
  }

  @Override
  public void initTransactions() {
    throw noTransactions();
  }

  @Override
  public void beginTransaction() {
    throw noTransactions();
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    throw noTransactions();
  }

  @Override
  public void commitTransaction() {
    throw noTransactions();
  }

  @Override
  public void abortTransaction() {
    throw noTransactions();
  }

  private static UnsupportedOperationException noTransactions() {
    return new UnsupportedOperationException("expected no transaction, found one");
  }
}
