package io.sirocco.embedded;

import io.sirocco.embedded.observe.Observation;
import io.sirocco.embedded.role.BrokerProbe;
import io.sirocco.embedded.role.BrokerWatch;
import io.sirocco.embedded.role.Role;
import io.sirocco.embedded.role.RunningRole;
import io.sirocco.settings.Settings;
import io.sirocco.settings.kafka.KafkaSettings;
import io.sirocco.streams.StreamsApp;
import io.sirocco.streams.StreamsSettings;
import io.sirocco.streams.http.HttpSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usage application as a process of its own.
 *
 * <p>Confined to the main thread.
 */
final class StreamsRole implements Role {
  private static final Logger log = LoggerFactory.getLogger(StreamsRole.class);
  private static final Duration RUNNING = Duration.ofMinutes(10);

  private final Settings settings;
  private final Observation observation;

  StreamsRole(Settings settings, Observation observation) {
    this.settings = settings;
    this.observation = observation;
  }

  @Override
  public String name() {
    return "streams";
  }

  @Override
  public RunningRole start(Consumer<Throwable> onFatal) throws InterruptedException {
    Map<String, String> kafka = KafkaSettings.clientProperties(settings, StreamsKeys.KAFKA);
    BrokerProbe brokers = new BrokerProbe(kafka);
    log.info("connecting to {}", brokers.servers());
    brokers.require(settings.get(KafkaSettings.START_TIMEOUT));
    StreamsApp usage = StreamsApp.start(usage(settings, kafka), observation.registry());
    observation.health().readyUnless(usage::unready);
    var unused = usage.failure().thenAccept(onFatal);
    try {
      usage.awaitRunning(RUNNING);
    } catch (RuntimeException e) {
      boolean interrupted = Thread.interrupted(); // The group is left in good order all the same.
      usage.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
    log.info(
        "ready application-id={} dashboard={}",
        settings.get(StreamsKeys.APPLICATION_ID),
        usage.dashboard());
    return new Running(usage, BrokerWatch.start(brokers));
  }

  /** What the application is started with. */
  static StreamsSettings usage(Settings settings, Map<String, String> kafka) {
    return StreamsSettings.builder(settings.get(KafkaSettings.BOOTSTRAP_SERVERS))
        .applicationId(settings.get(StreamsKeys.APPLICATION_ID))
        .stateFolder(settings.find(StreamsKeys.STATE_FOLDER).orElse(null))
        .threads(settings.get(StreamsKeys.THREADS))
        .commitInterval(settings.get(StreamsKeys.COMMIT_INTERVAL))
        .groupProtocol(settings.get(StreamsKeys.GROUP_PROTOCOL))
        .clientProperties(withStandbys(settings, kafka))
        .http(new HttpSettings(
            settings.get(StreamsKeys.HTTP_HOST),
            settings.get(StreamsKeys.HTTP_PORT),
            settings.find(StreamsKeys.HTTP_TOKEN).orElse(null),
            settings.find(StreamsKeys.HTTP_ADVERTISED).orElse(null)))
        .build();
  }

  private static Map<String, String> withStandbys(Settings settings, Map<String, String> kafka) {
    Map<String, String> properties = new HashMap<>(kafka);
    properties.put(
        StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG,
        Integer.toString(settings.get(StreamsKeys.STANDBY_REPLICAS)));
    return properties;
  }

  private record Running(StreamsApp usage, BrokerWatch watch) implements RunningRole {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Override
    public void drain() {
      watch.close();
      usage.close();
    }

    @Override
    public void abort() {
      drain(); // Nothing is lost: what was not committed is counted by the next instance.
    }

    @Override
    public Duration drainLimit() {
      return LIMIT;
    }
  }
}
