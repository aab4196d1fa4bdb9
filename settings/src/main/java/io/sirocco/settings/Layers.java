package io.sirocco.settings;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.ExpressionConfigSourceInterceptor;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The sources, one above the other: what each name was set to, and where.
 *
 * <p>Immutable.
 */
final class Layers {
  /** Below all others, and only there to be referred to: {@code ${KAFKA_PASSWORD}}. */
  private static final int REFERENCES = 0;

  private static final int FILE = 100;
  private static final int ENVIRONMENT = 300;
  private static final int OPTIONS = 400;

  /** From the private use area: the library knows no way to write a backslash before a dollar. */
  private static final char HIDDEN_DOLLAR = '\uE024';

  private final Set<String> names = new TreeSet<>();
  private final SmallRyeConfig config;
  private final String file;

  /**
   * Reads the sources.
   *
   * @param fromEnvironment the variables of {@code sources} that are settings, by the settings' names
   */
  Layers(SettingSources sources, Map<String, String> fromEnvironment)
      throws IOException, InvalidSettingsException {
    file = sources.file().map(path -> path.getFileName().toString()).orElse("file");
    SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
        .withInterceptors(new ExpressionConfigSourceInterceptor())
        .withSources(
            references(sources.environment()),
            settings(new PropertiesConfigSource(fromEnvironment, "environment", ENVIRONMENT)),
            settings(new PropertiesConfigSource(sources.options(), "options", OPTIONS)));
    if (sources.file().isPresent()) {
      builder.withSources(settings(new ConfigFile(sources.file().get()).read(FILE)));
    }
    config = builder.build();
  }

  /** What a file refers to is meant as it is, whatever dollars there are in it. */
  private static ConfigSource references(Map<String, String> environment) {
    Map<String, String> hidden = new HashMap<>();
    environment.forEach((name, value) -> hidden.put(name, value.replace('$', HIDDEN_DOLLAR)));
    return new PropertiesConfigSource(hidden, "references", REFERENCES);
  }

  private ConfigSource settings(ConfigSource source) {
    names.addAll(source.getPropertyNames());
    return source;
  }

  /** The names that are set anywhere. */
  Set<String> names() {
    return names;
  }

  /** What the greatest source says that has a {@code name}. */
  Given given(String name) {
    ConfigValue value = config.getConfigValue(name);
    String raw = Objects.requireNonNullElse(value.getRawValue(), "");
    // What was said to a shell is meant as it is, too: only a file refers to something.
    String text = value.getConfigSourceOrdinal() == FILE ? value.getValue() : raw;
    return new Given(
        text == null ? null : text.replace(HIDDEN_DOLLAR, '$'), raw, origin(name, value));
  }

  private String origin(String name, ConfigValue value) {
    return switch (value.getConfigSourceOrdinal()) {
      case OPTIONS -> "command line";
      case ENVIRONMENT -> "environment variable " + EnvironmentNames.variable(name);
      default -> value.getLineNumber() > 0 ? file + ":" + value.getLineNumber() : file;
    };
  }
}
