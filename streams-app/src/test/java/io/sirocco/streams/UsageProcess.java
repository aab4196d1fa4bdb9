package io.sirocco.streams;

import io.sirocco.streams.topic.UsageTopics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The usage application in a JVM of its own, which can be killed.
 *
 * <p>Confined to the test's thread.
 */
final class UsageProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Process process;

  private UsageProcess(Process process) {
    this.process = process;
  }

  /** Starts it on the stores that an earlier one left in {@code folder}. */
  static UsageProcess start(String bootstrapServers, String applicationId, Path folder)
      throws IOException {
    return new UsageProcess(new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-Djava.io.tmpdir=" + folder, // What it unpacks it leaves behind when it is killed.
            "-cp",
            System.getProperty("java.class.path"),
            UsageProcess.class.getName(),
            bootstrapServers,
            applicationId,
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it as {@code kill -9} does, in the middle of whatever it does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      throw new AssertionError("expected a process to end when it is killed, found it alive");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** What the process runs, until it is killed. */
  public static void main(String[] args) {
    StreamsApp app = StreamsApp.start(StreamsSettings.builder(args[0])
        .applicationId(args[1])
        .stateFolder(Path.of(args[2]))
        .topics(new UsageTopics(4, (short) 1))
        .build());
    app.awaitRunning(LIMIT);
    new CompletableFuture<Void>().join();
  }
}
