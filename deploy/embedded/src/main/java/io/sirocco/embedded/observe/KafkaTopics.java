package io.sirocco.embedded.observe;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.sirocco.contracts.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * Lets nothing through that Kafka's clients say of single reply topics: they are as many as clients, and
 * may be named after users.
 *
 * <p>Immutable.
 */
final class KafkaTopics implements MeterFilter {
  @Override
  public MeterFilterReply accept(Meter.Id id) {
    String topic = id.getName().startsWith("kafka.") ? id.getTag("topic") : null;
    return topic == null || isOurs(topic) ? MeterFilterReply.NEUTRAL : MeterFilterReply.DENY;
  }

  /** Some versions of the clients write points as underscores. */
  private static boolean isOurs(@Nullable String topic) {
    String name = String.valueOf(topic).replace('_', '.');
    return name.startsWith(Topics.REQUESTS_PREFIX)
        || name.endsWith("-changelog")
        || name.endsWith("-repartition")
        || name.startsWith(Topics.USAGE)
        || name.startsWith(Topics.RECEIPTS)
        || name.startsWith(Topics.PRICES);
  }
}
