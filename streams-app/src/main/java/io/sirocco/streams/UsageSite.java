package io.sirocco.streams;

import io.sirocco.streams.http.HttpSettings;
import io.sirocco.streams.http.UsageServer;
import io.sirocco.streams.query.ClusterUsage;
import io.sirocco.streams.query.RememberedUsage;
import io.sirocco.streams.query.UsageQueries;
import io.sirocco.streams.report.UsageReports;
import io.sirocco.streams.topic.DeadLetterCounts;
import java.net.URI;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * The application's server and what it asks.
 *
 * <p>Thread-safe.
 */
final class UsageSite implements AutoCloseable {
  private final UsageServer server;
  private @Nullable DeadLetterCounts deadLetters;

  private UsageSite(UsageServer server) {
    this.server = server;
  }

  static UsageSite open(HttpSettings settings) {
    return new UsageSite(UsageServer.open(settings));
  }

  /** Kafka's setting by which instances find each other. */
  String applicationServer() {
    return server.self().host() + ":" + server.self().port();
  }

  URI address() {
    return server.address();
  }

  synchronized void serve(
      KafkaStreams streams,
      int partitions,
      Map<String, Object> adminProperties,
      LongSupplier counted) {
    deadLetters = new DeadLetterCounts(adminProperties);
    UsageQueries local = new UsageQueries(streams);
    ClusterUsage all = new ClusterUsage(streams, partitions, server.self(), local, server::peer);
    RememberedUsage remembered = new RememberedUsage(all, System::nanoTime);
    server.serve(local, new UsageReports(remembered, deadLetters, local::prices), counted);
  }

  @Override
  public synchronized void close() {
    server.close();
    if (deadLetters != null) {
      deadLetters.close();
    }
  }
}
