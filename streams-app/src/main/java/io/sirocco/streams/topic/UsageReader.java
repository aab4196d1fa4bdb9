package io.sirocco.streams.topic;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.WindowTotals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all totals from {@code chat.usage.by-user}, from any process.
 *
 * <p>Thread-safe.
 */
public final class UsageReader {
  private static final Logger LOG = LoggerFactory.getLogger(UsageReader.class);
  private static final Comparator<WindowTotals> BY_USER_TIME_AND_MODEL = Comparator.comparing(
          WindowTotals::user)
      .thenComparing(WindowTotals::window)
      .thenComparing(WindowTotals::startMillis)
      .thenComparing(WindowTotals::model);

  private final CompactedTopic topic;
  private final JsonCodec codec = new JsonCodec();

  /** @param clientProperties {@code bootstrap.servers} and what else Kafka's clients need */
  public UsageReader(Map<String, String> clientProperties) {
    topic = new CompactedTopic(Topics.USAGE_BY_USER, clientProperties);
  }

  /**
   * Returns the totals of each user, window and model as they are now, sorted by user, size of the
   * window, time and model; none if there was no usage yet. A record that cannot be read is logged
   * and left out.
   *
   * @throws TimeoutException when that takes longer than {@code limit}
   */
  public List<WindowTotals> read(Duration limit) {
    List<WindowTotals> rows = new ArrayList<>();
    for (byte[] json : topic.read(limit).values()) {
      try {
        rows.add(codec.read(json, WindowTotals.class));
      } catch (MalformedJsonException e) {
        LOG.warn(
            "a record of {} is left out, field {}: {}", topic.name(), e.field(), e.getMessage());
      }
    }
    rows.sort(BY_USER_TIME_AND_MODEL);
    return List.copyOf(rows);
  }
}
