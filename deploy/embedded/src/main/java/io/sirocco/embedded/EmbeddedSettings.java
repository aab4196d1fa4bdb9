package io.sirocco.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What runs in this process.
 *
 * <p>Immutable.
 *
 * @param kafkaPort where the broker listens on 127.0.0.1; 0 for any free port
 * @param dataFolder where records are kept; null for a temporary folder that is removed at the end
 * @param models what is served, the first one by default
 * @param workers how many workers each model has
 * @param partitions how many partitions each request topic gets
 * @param usage whether usage is added up
 * @param httpPort where the dashboard listens on 127.0.0.1; 0 for any free port
 * @param httpToken what a caller must send as bearer token; null for none
 * @param gatewayPort where the gateway listens on 127.0.0.1; 0 for any free port, null for no gateway
 * @param grace how long requests in progress may take to end when everything is closed
 */
record EmbeddedSettings(
    int kafkaPort,
    @Nullable Path dataFolder,
    List<ServedName> models,
    int workers,
    int partitions,
    boolean usage,
    int httpPort,
    @Nullable String httpToken,
    @Nullable Integer gatewayPort,
    Duration grace) {

  /** Without a token. */
  EmbeddedSettings(
      int kafkaPort,
      @Nullable Path dataFolder,
      List<ServedName> models,
      int workers,
      int partitions,
      boolean usage,
      int httpPort,
      @Nullable Integer gatewayPort,
      Duration grace) {
    this(
        kafkaPort,
        dataFolder,
        models,
        workers,
        partitions,
        usage,
        httpPort,
        null,
        gatewayPort,
        grace);
  }

  EmbeddedSettings {
    models = List.copyOf(models);
  }

  /** Returns the settings of one worker for one conversation. */
  static EmbeddedSettings ofChat(ServedName model) {
    // Whoever waits for an answer is gone when this is closed.
    return new EmbeddedSettings(0, null, List.of(model), 1, 1, false, 0, null, Duration.ZERO);
  }

  /** Says everything but the token. */
  @Override
  public String toString() {
    return "EmbeddedSettings[kafkaPort=%d, dataFolder=%s, models=%s, workers=%d, httpPort=%d]"
        .formatted(kafkaPort, dataFolder, models, workers, httpPort);
  }
}
