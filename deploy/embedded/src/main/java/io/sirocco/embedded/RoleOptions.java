package io.sirocco.embedded;

import io.sirocco.settings.InvalidSettingsException;
import io.sirocco.settings.SettingGroup;
import io.sirocco.settings.SettingSources;
import io.sirocco.settings.Settings;
import io.sirocco.settings.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options by which every role takes its settings.
 *
 * <p>Confined to the main thread.
 */
final class RoleOptions {
  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT",
      description = "The brokers to connect to first, several separated by commas.")
  private @Nullable String bootstrapServer;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings: properties, or YAML if the name ends in .yaml or .yml.")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A setting, repeatable; wins over the environment, which wins over the file.")
  private Map<String, String> settings = new HashMap<>();

  /**
   * Loads the settings of a role.
   *
   * @param groups those of its own
   * @param shorthands settings from options of the role's own
   * @throws InvalidSettingsException with all mistakes
   * @throws IOException when the file cannot be read
   */
  Settings load(List<SettingGroup> groups, Map<String, String> shorthands)
      throws InvalidSettingsException, IOException {
    Map<String, String> options = new HashMap<>(settings);
    options.putAll(shorthands);
    if (bootstrapServer != null) {
      options.put(KafkaSettings.BOOTSTRAP_SERVERS.name(), bootstrapServer);
    }
    List<SettingGroup> all =
        Stream.of(groups, RoleSettings.COMMON).flatMap(List::stream).toList();
    return RoleSettings.loader()
        .load(new SettingSources(Optional.ofNullable(file), System.getenv(), options), all);
  }
}
