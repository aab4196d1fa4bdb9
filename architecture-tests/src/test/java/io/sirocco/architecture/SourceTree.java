package io.sirocco.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The source files of a repository, for what its classes do not tell.
 *
 * <p>Immutable.
 *
 * @param root the repository's folder
 */
record SourceTree(Path root) {

  /** The repository that the tests run in: the folder above that holds Maven's settings. */
  static SourceTree here() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(".mvn"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("expected to run inside of the repository, found no .mvn");
      }
      folder = parent;
    }
    return new SourceTree(folder);
  }

  /** The Java files below any folder {@code part}, such as {@code src/test/java}. */
  List<Path> javaFiles(String part) {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> root.relativize(file).toString().contains(part + "/"))
          .filter(file -> !file.toString().contains("/target/"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of a file. */
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
