package io.sirocco.streams;

import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The settings in Kafka's own words.
 *
 * <p>Immutable.
 */
final class StreamsProperties {
  /** What a partition of a busy store takes between two commits. */
  private static final int BATCH_BYTES = 128 * 1024;

  private StreamsProperties() {}

  static Properties of(StreamsSettings settings, Path stateFolder) {
    Properties properties = new Properties();
    // In the classic protocol the client says when it counts as dead; 45 s is long for a bill.
    if (settings.groupProtocol() == GroupProtocol.CLASSIC) {
      properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6000);
      properties.put(
          StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1500);
    }
    // A transaction that meets the end of the last one tries again after this; 100 by default.
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 10);
    // A batch that is refused must not be overtaken by the next one, which the brokers would report
    // as out of order; and what waits for its turn makes fewer and larger batches.
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
    properties.putAll(settings.clientProperties());
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    properties.put(
        StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) settings.topics().replicas());
    properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, settings.groupProtocol().wireName());
    return properties;
  }
}
