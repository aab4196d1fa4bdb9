package io.sirocco.streams.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.PriceList;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all prices from {@code chat.prices}, from any process.
 *
 * <p>Thread-safe.
 */
public final class PriceReader {
  private static final Logger LOG = LoggerFactory.getLogger(PriceReader.class);

  private final CompactedTopic topic;
  private final JsonCodec codec = new JsonCodec();

  /** @param clientProperties {@code bootstrap.servers} and what else Kafka's clients need */
  public PriceReader(Map<String, String> clientProperties) {
    topic = new CompactedTopic(Topics.PRICES, clientProperties);
  }

  /**
   * Returns the prices of each model as they are now, sorted by model; none if none was ever set. A
   * list that cannot be read is logged and left out: it prices nothing either.
   *
   * @throws TimeoutException when that takes longer than {@code limit}
   */
  public List<PriceList> read(Duration limit) {
    TreeMap<String, PriceList> lists = new TreeMap<>();
    topic.read(limit).forEach((key, json) -> {
      String model = new String(key.get(), UTF_8);
      try {
        PriceList list = codec.read(json, PriceList.class);
        if (list.model().equals(model)) {
          lists.put(model, list);
        } else {
          LOG.warn("expected prices of {} under its key, found those of {}", model, list.model());
        }
      } catch (MalformedJsonException e) {
        LOG.warn("the prices of {} cannot be read, field {}: {}", model, e.field(), e.getMessage());
      }
    });
    return List.copyOf(lists.values());
  }
}
