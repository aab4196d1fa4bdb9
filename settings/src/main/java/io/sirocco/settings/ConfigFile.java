package io.sirocco.settings;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads a file of settings.
 *
 * <p>Immutable.
 *
 * @param path properties, or YAML if its name ends in {@code .yaml} or {@code .yml}
 */
record ConfigFile(Path path) {
  private static final Pattern ELEMENT = Pattern.compile("\\[\\d+]");

  /**
   * Reads the file as a source with an {@code ordinal}.
   *
   * @throws IOException when there is no such file, or it cannot be read
   * @throws InvalidSettingsException when it is not written in its language
   */
  ConfigSource read(int ordinal) throws IOException, InvalidSettingsException {
    try {
      String text = Files.readString(path);
      return isYaml() ? yaml(text, ordinal) : properties(text, ordinal);
    } catch (CharacterCodingException e) {
      throw fault("expected text in UTF-8, found bytes that are none");
    }
  }

  private boolean isYaml() {
    String name = path.toString();
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  /** Names are flat here; YAML's come with an entry for each element of a list, and with quotes. */
  private ConfigSource yaml(String text, int ordinal) throws InvalidSettingsException {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    Map<String, String> flat = new HashMap<>();
    try {
      Object document = new Yaml(new SafeConstructor(strict)).load(text);
      if (document != null && !(document instanceof Map)) {
        throw fault("expected YAML with names and values, found a list or a text");
      }
      new YamlConfigSource(path.toString(), text, ordinal)
          .getProperties()
          .forEach((name, value) -> flat.put(name.replace("\"", ""), value));
    } catch (MarkedYAMLException e) {
      // Its message quotes the line, which may hold a secret.
      throw fault("expected YAML, found a fault in line %d: %s"
          .formatted(e.getProblemMark().getLine() + 1, e.getProblem()));
    }
    flat.keySet().removeIf(name -> ELEMENT.matcher(name).find());
    return new PropertiesConfigSource(flat, path.toString(), ordinal);
  }

  private ConfigSource properties(String text, int ordinal)
      throws IOException, InvalidSettingsException {
    try {
      new UniqueProperties().load(new StringReader(text));
    } catch (IllegalArgumentException e) {
      throw fault("expected properties, found " + e.getMessage());
    }
    return new PropertiesConfigSource(path.toUri().toURL(), ordinal);
  }

  /** The last of two lines would win without a word. */
  private static final class UniqueProperties extends Properties {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized @Nullable Object put(Object name, Object value) {
      if (super.put(name, value) != null) {
        throw new IllegalArgumentException("'" + name + "' twice");
      }
      return null;
    }
  }

  private InvalidSettingsException fault(String problem) {
    return new InvalidSettingsException(
        List.of(new Mistake(path.toString(), "configuration file", problem)));
  }
}
