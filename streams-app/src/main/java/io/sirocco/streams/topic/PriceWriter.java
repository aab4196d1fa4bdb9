package io.sirocco.streams.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.PriceList;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sets prices on {@code chat.prices}.
 *
 * <p>A price is added by reading the model's list and writing it anew. All writers share one
 * transactional id, and take it before they read: so of two at the same time the one that read first
 * is fenced, cannot write over what the other wrote, and begins again.
 *
 * <p>Thread-safe.
 */
public final class PriceWriter {
  private static final String TRANSACTIONAL_ID = "sirocco-prices";

  /** Each failure means that another writer was there; so many at once are no accident. */
  private static final int ATTEMPTS = 10;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  private final Map<String, String> clientProperties;
  private final UsageTopics topics;
  private final RandomGenerator random;
  private final PriceReader reader;
  private final JsonCodec codec = new JsonCodec();

  /**
   * @param clientProperties {@code bootstrap.servers} and what else Kafka's clients need
   * @param topics how the topic is made if it is missing
   * @param random how long to step back when another writer is at work
   */
  public PriceWriter(
      Map<String, String> clientProperties, UsageTopics topics, RandomGenerator random) {
    this.clientProperties = Map.copyOf(clientProperties);
    this.topics = topics;
    this.random = random;
    reader = new PriceReader(clientProperties);
  }

  /**
   * Adds {@code price} to the prices of its model, in the place of one with the same time of effect.
   * Events that were counted before keep their cost.
   *
   * @param limit how long each exchange with Kafka may take
   * @return all prices of the model as they are now
   * @throws KafkaException when Kafka refuses or does not answer in time; then the price may or may
   *     not have been set, and setting it again does no harm
   */
  public PriceList set(Price price, Duration limit) {
    return setAll(List.of(price), limit).get(0);
  }

  /**
   * Adds prices of any models as {@link #set} does: a reader sees either all of them or none.
   *
   * @return all prices of those models as they are now, sorted by model
   */
  public List<PriceList> setAll(Collection<Price> prices, Duration limit) {
    try (Admin admin = Admin.create(new HashMap<>(clientProperties))) {
      topics.createPrices(admin, limit);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return setOnce(prices, limit);
      } catch (KafkaException e) {
        if (!isOfAnotherWriter(e)) {
          throw e;
        }
        if (attempt == ATTEMPTS) {
          throw new KafkaException("others set prices again and again at the same time", e);
        }
        // Else two that fence each other could go on doing so.
        LockSupport.parkNanos(random.nextLong(FIRST_PAUSE.toNanos() << attempt));
      }
    }
  }

  /**
   * A transaction coordinator whose transaction another writer has just ended knows of none to go on
   * with. One that is asked for an end and a beginning at once may also answer with an unexpected
   * error, for which the producer has no class of its own. Whether that price was set is then unknown,
   * and setting it again does no harm.
   */
  private static boolean isOfAnotherWriter(KafkaException e) {
    return e instanceof ProducerFencedException
        || e instanceof InvalidProducerEpochException
        || e instanceof InvalidTxnStateException
        || (e.getClass() == KafkaException.class && e.getCause() == null);
  }

  private List<PriceList> setOnce(Collection<Price> prices, Duration limit) {
    try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
        properties(limit), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      List<PriceList> lists = withAll(reader.read(limit), prices);
      producer.beginTransaction();
      for (PriceList list : lists) {
        // The commit waits for the records and throws what became of them.
        var unused = producer.send(new ProducerRecord<>(
            Topics.PRICES, list.model().getBytes(UTF_8), codec.writeBytes(list)));
      }
      producer.commitTransaction();
      return lists;
    }
  }

  private static List<PriceList> withAll(List<PriceList> before, Collection<Price> prices) {
    Map<String, PriceList> known =
        before.stream().collect(Collectors.toMap(PriceList::model, list -> list));
    TreeMap<String, PriceList> changed = new TreeMap<>();
    for (Price price : prices) {
      PriceList list = known.get(price.model());
      PriceList with = list == null ? PriceList.of(price) : list.with(price);
      known.put(price.model(), with);
      changed.put(price.model(), with);
    }
    return List.copyOf(changed.values());
  }

  private Map<String, Object> properties(Duration limit) {
    Map<String, Object> properties = WriterProperties.of(clientProperties, limit);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID);
    properties.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(limit.toMillis()));
    return properties;
  }
}
