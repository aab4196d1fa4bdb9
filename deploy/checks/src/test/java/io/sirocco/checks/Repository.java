package io.sirocco.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * The files of the repository.
 *
 * <p>Immutable.
 */
final class Repository {
  /** The module's folder is where tests run. */
  static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  private Repository() {}

  static Path file(String path) {
    return ROOT.resolve(path);
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String path) {
    return text(file(path));
  }

  /** A file that is wrong on purpose: whoever checks must say so. */
  static Path planted(String name) {
    return ROOT.resolve("deploy/checks/src/test/resources/planted").resolve(name);
  }

  /** The files below a folder, sorted; not what was built or installed there. */
  static List<Path> files(String folder, Predicate<String> name) {
    try (Stream<Path> files = Files.walk(file(folder))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> name.test(file.getFileName().toString()))
          .filter(file -> !file.toString().contains("/target/"))
          .filter(file -> !file.toString().contains("/node_modules/"))
          .filter(file -> !file.toString().contains("/planted/"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The documents of a YAML file; empty ones do not count. */
  static List<Map<String, Object>> documents(Path file) {
    List<Map<String, Object>> documents = new ArrayList<>();
    for (Object document : new Yaml().loadAll(text(file))) {
      if (document != null) {
        documents.add(Tree.object(document));
      }
    }
    return documents;
  }
}
