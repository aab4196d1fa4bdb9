package io.sirocco.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.SiroccoClient;
import io.sirocco.gateway.http.GatewayServer;
import io.sirocco.gateway.observe.GatewayMetrics;
import io.sirocco.gateway.observe.KafkaMeters;
import io.sirocco.gateway.settings.GatewaySettings;
import java.net.URI;
import java.time.Duration;

/**
 * A gateway in this process: a client of Kafka, and a server of HTTP.
 *
 * <p>Thread-safe.
 */
public final class Gateway implements AutoCloseable {
  private static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(5);

  /** For records that come late; answers are read from their topic whether it is used again or not. */
  private static final Duration REUSE_DELAY = Duration.ofSeconds(5);

  private final SiroccoClient client;
  private final GatewayServer server;
  private final GatewayMetrics metrics;
  private final KafkaMeters kafka;

  private Gateway(
      SiroccoClient client, GatewayServer server, GatewayMetrics metrics, KafkaMeters kafka) {
    this.client = client;
    this.server = server;
    this.metrics = metrics;
    this.kafka = kafka;
  }

  /**
   * Starts a gateway; it does not wait for brokers.
   *
   * @param registry takes what it measures
   * @throws java.io.UncheckedIOException when the port cannot be had, or the keys cannot be read
   * @throws IllegalArgumentException when the keys are none
   */
  public static Gateway start(GatewaySettings settings, MeterRegistry registry) {
    SiroccoClient client = SiroccoClient.connect(ClientSettings.builder(settings.bootstrapServers())
        .clientName("gateway")
        .kafkaProperties(settings.kafkaProperties())
        .replyTopics(settings.replyTopics())
        .replyRetention(settings.replyRetention())
        .deleteDelay(REUSE_DELAY)
        .answersKept(true)
        .submitTimeout(SUBMIT_TIMEOUT)
        .build());
    GatewayMetrics metrics = new GatewayMetrics(registry, System::nanoTime);
    KafkaMeters kafka = KafkaMeters.show(registry, client);
    try {
      return new Gateway(client, new GatewayServer(settings, client, metrics), metrics, kafka);
    } catch (RuntimeException e) {
      kafka.close();
      metrics.close();
      client.close();
      throw e;
    }
  }

  /** Where clients of OpenAI's form find it; ends in {@code /v1}. */
  public URI address() {
    return server.address();
  }

  /** Whether requests can be answered now. */
  public boolean isReady() {
    return server.isReady();
  }

  /** Ends it: open answers go on for the grace, and can be read on at any other gateway. */
  @Override
  public void close() {
    server.close();
    metrics.close();
    kafka.close();
    client.close();
  }
}
