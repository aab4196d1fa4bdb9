package io.sirocco.embedded;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The option by which a command is let in by brokers that ask who comes, under the name that it has
 * with Kafka's own tools.
 *
 * <p>Confined to the main thread.
 */
final class CommandConfig {
  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description = "Properties for Kafka's clients, such as security.protocol and"
          + " sasl.jaas.config; the file that Kafka's own tools take.")
  private @Nullable Path file;

  /**
   * Returns what Kafka's clients need to connect to {@code servers}.
   *
   * @throws UncheckedIOException when there is no such file, or it does not hold properties
   */
  Map<String, String> clientProperties(String servers) {
    Map<String, String> all = new HashMap<>();
    if (file != null) {
      Properties read = read(file);
      read.stringPropertyNames()
          .forEach(name -> all.put(name, read.getProperty(name).strip()));
    }
    all.put("bootstrap.servers", servers);
    return all;
  }

  private static Properties read(Path file) {
    Properties properties = new Properties();
    try (Reader text = Files.newBufferedReader(file)) {
      properties.load(text);
      return properties;
    } catch (IOException | IllegalArgumentException e) {
      // Its words may be those of the file, which holds a secret.
      String fault =
          "--command-config: expected a file of properties, found that %s cannot be read: %s"
              .formatted(file, e.getClass().getSimpleName());
      throw new UncheckedIOException(fault, new IOException(e));
    }
  }
}
