package io.sirocco.settings;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where settings come from. Each source wins over those before it.
 *
 * <p>Immutable.
 *
 * @param file properties, or YAML if its name ends in {@code .yaml} or {@code .yml}
 * @param environment all variables of the process
 * @param options names and values from the command line
 */
public record SettingSources(
    Optional<Path> file, Map<String, String> environment, Map<String, String> options) {

  public SettingSources {
    environment = Map.copyOf(environment);
    options = Map.copyOf(options);
  }
}
