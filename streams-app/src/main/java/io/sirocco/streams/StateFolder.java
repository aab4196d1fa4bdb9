package io.sirocco.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of the state stores.
 *
 * <p>Immutable; the folder itself belongs to one application at a time.
 *
 * @param path the folder
 * @param temporary whether it goes when the application is closed
 */
record StateFolder(Path path, boolean temporary) implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);

  /** Opens {@code chosen}, or a new temporary folder where that is null. */
  static StateFolder open(@Nullable Path chosen) {
    try {
      return chosen == null
          ? new StateFolder(Files.createTempDirectory("sirocco-streams-"), true)
          : new StateFolder(Files.createDirectories(chosen).toAbsolutePath(), false);
    } catch (IOException e) {
      throw new UncheckedIOException("expected a folder for totals that can be written to", e);
    }
  }

  /** Removes the folder if it is temporary. */
  @Override
  public void close() {
    if (!temporary || !Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("the temporary folder {} could not be removed: {}", path, e.toString());
    }
  }
}
