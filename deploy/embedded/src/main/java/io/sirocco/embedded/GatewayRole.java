package io.sirocco.embedded;

import io.sirocco.embedded.observe.Observation;
import io.sirocco.embedded.role.BrokerProbe;
import io.sirocco.embedded.role.BrokerWatch;
import io.sirocco.embedded.role.Role;
import io.sirocco.embedded.role.RunningRole;
import io.sirocco.gateway.Gateway;
import io.sirocco.gateway.settings.GatewaySettings;
import io.sirocco.settings.Settings;
import io.sirocco.settings.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway as a process of its own.
 *
 * <p>Confined to the main thread.
 */
final class GatewayRole implements Role {
  private static final Logger log = LoggerFactory.getLogger(GatewayRole.class);

  private final Settings settings;
  private final Observation observation;

  GatewayRole(Settings settings, Observation observation) {
    this.settings = settings;
    this.observation = observation;
  }

  /** Why {@code gateway} does not answer now, or nothing. */
  static Optional<String> unready(Gateway gateway) {
    return gateway.isReady()
        ? Optional.empty()
        : Optional.of("gateway: expected brokers that answer, found none");
  }

  @Override
  public String name() {
    return "gateway";
  }

  @Override
  public RunningRole start(Consumer<Throwable> onFatal) throws InterruptedException {
    BrokerProbe brokers =
        new BrokerProbe(KafkaSettings.clientProperties(settings, GatewayKeys.KAFKA));
    log.info("connecting to {}", brokers.servers());
    brokers.require(settings.get(KafkaSettings.START_TIMEOUT));
    GatewaySettings gateway = GatewayKeys.read(settings);
    Gateway running = Gateway.start(gateway, observation.registry());
    observation.health().readyUnless(() -> unready(running));
    log.info("ready gateway={}", running.address());
    return new Running(running, BrokerWatch.start(brokers), gateway.limits().grace());
  }

  private record Running(Gateway gateway, BrokerWatch watch, Duration grace)
      implements RunningRole {
    private static final Duration BEYOND_GRACE = Duration.ofSeconds(20);

    @Override
    public void drain() {
      watch.close();
      gateway.close();
    }

    @Override
    public void abort() {
      drain(); // Nothing is lost: answers are on their topics.
    }

    @Override
    public Duration drainLimit() {
      return grace.plus(BEYOND_GRACE);
    }
  }
}
