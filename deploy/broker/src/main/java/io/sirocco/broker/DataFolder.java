package io.sirocco.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that a node keeps its records in.
 *
 * <p>Immutable; the folder itself belongs to one node at a time.
 *
 * @param path the folder
 * @param temporary whether the folder goes when the node is closed
 */
record DataFolder(Path path, boolean temporary) implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);

  /**
   * Opens {@code chosen}, or a new temporary folder where that is null.
   *
   * @param leastFreeBytes what its disk must have free; with less a node would fail while it starts,
   *     in many words
   */
  static DataFolder open(@Nullable Path chosen, long leastFreeBytes) {
    try {
      DataFolder folder = chosen == null
          ? new DataFolder(Files.createTempDirectory("sirocco-broker-"), true)
          : new DataFolder(Files.createDirectories(chosen).toAbsolutePath(), false);
      long freeBytes = Files.getFileStore(folder.path()).getUsableSpace();
      if (freeBytes < leastFreeBytes) {
        folder.close();
        throw new BrokerStartException(
            "expected %d MB free for the broker in %s, found %d MB"
                .formatted(leastFreeBytes >> 20, folder.path(), freeBytes >> 20),
            null);
      }
      return folder;
    } catch (IOException e) {
      throw new BrokerStartException(
          "expected a folder that the broker can write to, found " + e, e);
    }
  }

  /**
   * Makes the folder one of a Kafka node, unless it is one already: then it keeps its identity, and
   * its users.
   *
   * @param scramUsers as {@code kafka-storage.sh} takes them
   */
  void format(int nodeId, String clusterId, String controllerListener, List<String> scramUsers)
      throws Exception {
    // Kafka writes this file last, so a folder that has it is complete.
    if (Files.exists(path.resolve("meta.properties"))) {
      return;
    }
    String directory = path.toString();
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setClusterId(clusterId)
        .setNodeId(nodeId)
        .setDirectories(List.of(directory))
        .setMetadataLogDirectory(directory)
        .setControllerListenerName(controllerListener)
        .setScramArguments(scramUsers)
        .run();
  }

  /** Removes the folder if it is temporary. */
  @Override
  public void close() {
    if (!temporary) {
      return;
    }
    try {
      Files.walkFileTree(path, new Removal());
    } catch (NoSuchFileException e) {
      // Somebody else removed it: that is what was wanted.
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("the broker's temporary folder {} could not be removed: {}", path, e.toString());
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      // Kafka removes files of its own accord; one that is gone needs no removal.
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
