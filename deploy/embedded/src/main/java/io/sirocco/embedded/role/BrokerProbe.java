package io.sirocco.embedded.role;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Asks brokers whether they are there.
 *
 * <p>Immutable.
 *
 * @param client the properties of the role's Kafka clients, the brokers included
 */
public record BrokerProbe(Map<String, String> client) {
  private static final Duration BETWEEN = Duration.ofMillis(500);

  public BrokerProbe {
    client = Map.copyOf(client);
  }

  /** Where the brokers are said to be. */
  public String servers() {
    return client.getOrDefault(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "");
  }

  /**
   * Waits until a broker answers. A name that is not known may become so.
   *
   * @throws KafkaException when none does, or one refuses; the message says which
   */
  public void require(Duration within) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      try {
        ask(left);
        return;
      } catch (TimeoutException e) {
        throw absent(within, " none");
      } catch (ApiException e) {
        throw new KafkaException(
            "expected the broker at %s to let us in, found: %s"
                .formatted(servers(), e.getMessage()),
            e);
      } catch (KafkaException e) {
        if (!(e.getCause() instanceof ConfigException) || left.compareTo(BETWEEN) < 0) {
          throw absent(within, ": " + reason(e));
        }
        Thread.sleep(BETWEEN.toMillis()); // The name may be in the directory soon.
      }
    }
  }

  private void ask(Duration within) throws InterruptedException {
    Admin admin = admin();
    try {
      ask(admin, within);
    } finally {
      admin.close(Duration.ZERO); // Otherwise it waits for the answer all the same.
    }
  }

  private KafkaException absent(Duration within, String found) {
    return new KafkaException("expected a broker at %s to answer within %d s, found%s"
        .formatted(servers(), within.toSeconds(), found));
  }

  private static String reason(KafkaException fault) {
    Throwable cause = fault.getCause() == null ? fault : fault.getCause();
    return String.valueOf(cause.getMessage());
  }

  Admin admin() {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    return Admin.create(properties);
  }

  /** Asks once; returns when a broker has answered. */
  static void ask(Admin admin, Duration within) throws InterruptedException {
    int millis = (int) Math.max(1, within.toMillis());
    try {
      admin
          .describeCluster(new DescribeClusterOptions().timeoutMs(millis))
          .nodes()
          .get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DisconnectException) {
        throw new TimeoutException(e.getCause());
      }
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
    }
  }
}
