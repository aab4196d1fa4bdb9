package io.sirocco.streams.http;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.query.LatencyCount;
import io.sirocco.streams.query.RequestsQuestion;
import io.sirocco.streams.query.TimeQuestion;
import io.sirocco.streams.query.UsageQuestion;
import io.sirocco.streams.query.UsageSource;
import io.sirocco.streams.query.UsageUnavailableException;
import io.sirocco.streams.reconciliation.Reconciliation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * What another instance of the application knows.
 *
 * <p>Thread-safe.
 */
final class RemoteUsage implements UsageSource {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final HttpClient client;
  private final HostInfo host;
  private final @Nullable String token;
  private final JsonCodec codec = new JsonCodec();

  RemoteUsage(HttpClient client, HostInfo host, @Nullable String token) {
    this.client = client;
    this.host = host;
    this.token = token;
  }

  @Override
  public List<WindowTotals> totals(UsageQuestion question) {
    return List.of(ask(PeerApi.TOTALS, question, WindowTotals[].class));
  }

  @Override
  public List<LatencyCount> latency(UsageQuestion question) {
    return List.of(ask(PeerApi.LATENCY, question, LatencyCount[].class));
  }

  @Override
  public List<PricedUsage> requests(RequestsQuestion question) {
    return List.of(ask(PeerApi.REQUESTS, question, PricedUsage[].class));
  }

  @Override
  public Reconciliation reconciliation(TimeQuestion question) {
    return ask(PeerApi.RECONCILIATION, question, Reconciliation.class);
  }

  private <T> T ask(String path, Object question, Class<T> type) {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create("http://" + host.host() + ":" + host.port() + path))
        .timeout(LIMIT)
        .POST(HttpRequest.BodyPublishers.ofByteArray(codec.writeBytes(question)));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new UsageUnavailableException(
            "the instance at " + host + " answered with status " + response.statusCode());
      }
      return codec.read(response.body(), type);
    } catch (IOException | MalformedJsonException e) {
      throw new UsageUnavailableException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UsageUnavailableException(e);
    }
  }
}
