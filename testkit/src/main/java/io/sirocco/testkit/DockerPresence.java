package io.sirocco.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;

/**
 * Whether this machine has Docker; looked up once in a test run.
 *
 * <p>Immutable.
 */
record DockerPresence(boolean isFound) {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(DockerPresence.class);

  /** What Testcontainers writes where there is no Docker: a page of stack traces. */
  private static final List<String> NOISY =
      List.of("org.testcontainers", "tc", "com.github.dockerjava");

  /** Returns what is known, or looks it up and says in one line if there is no Docker. */
  static DockerPresence of(ExtensionContext context) {
    ExtensionContext.Store store =
        context.getRoot().getStore(ExtensionContext.Namespace.create(DockerPresence.class));
    DockerPresence known = store.get(DockerPresence.class, DockerPresence.class);
    if (known != null) {
      return known;
    }
    DockerPresence found = new DockerPresence(probeQuietly());
    if (!found.isFound()) {
      LOG.warn(
          "Docker was not found: tests on Kafka in a container are skipped, the same tests run on the"
              + " embedded broker");
    }
    store.put(DockerPresence.class, found);
    return found;
  }

  private static boolean probeQuietly() {
    List<Logger> loggers =
        NOISY.stream().map(name -> (Logger) LoggerFactory.getLogger(name)).toList();
    List<LevelBefore> before = loggers.stream()
        .map(logger -> new LevelBefore(logger, logger.getLevel()))
        .toList();
    loggers.forEach(logger -> logger.setLevel(Level.OFF));
    try {
      return DockerClientFactory.instance().isDockerAvailable();
    } finally {
      before.forEach(LevelBefore::restore);
    }
  }

  /** A null level is one that is inherited. */
  private record LevelBefore(Logger logger, @Nullable Level level) {
    void restore() {
      logger.setLevel(level);
    }
  }
}
