package io.sirocco.broker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second node out of a folder, in this process or another.
 *
 * <p>Kafka has a lock of its own, but a node that is broker and controller in one looks at it only
 * when its controller has opened the metadata log, and may have written to it: the log of the node
 * that runs.
 *
 * <p>Thread-safe.
 */
final class FolderLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);
  private static final String NAME = ".sirocco-lock";

  /** The lock lasts as long as it is open. */
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of {@code folder}.
   *
   * @throws BrokerStartException if another node has it
   */
  static FolderLock take(Path folder) {
    try {
      FileChannel channel = FileChannel.open(
          folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(channel)) {
        return new FolderLock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new BrokerStartException(
          "expected to lock the broker's folder " + folder + ", found " + e, e);
    }
    throw new BrokerStartException(
        "expected a folder that no other broker uses, found a lock in " + folder, null);
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // This process has it.
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.warn("the lock of the broker's folder could not be given back: {}", e.toString());
    }
  }
}
