package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Utils;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A {@code sirocco worker}, or another role, in a JVM of its own, as an operator would run it.
 *
 * <p>Thread-safe.
 */
final class WorkerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final Path temporary;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Thread reader = new Thread(this::read, "worker-log");

  private WorkerProcess(Process process, Path temporary) {
    this.process = process;
    this.temporary = temporary;
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts a worker of the demo model with {@code arguments}. */
  static WorkerProcess start(String... arguments) throws IOException {
    return ofRole("worker", arguments);
  }

  /** Starts another role with {@code arguments}. */
  static WorkerProcess ofRole(String role, String... arguments) throws IOException {
    List<String> more = new ArrayList<>(List.of(role));
    more.addAll(List.of(arguments));
    return run(SiroccoMain.class, more);
  }

  /** Starts a worker that is made for a test. */
  static WorkerProcess run(Class<?> main, List<String> arguments) throws IOException {
    Path temporary = Files.createTempDirectory("worker-process-");
    List<String> command = new ArrayList<>(List.of(
        // Tests that run in the background ignore SIGINT, and so would every process they start.
        "env",
        "--default-signal=INT",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", // To be there soon matters more than to be fast one day.
        "-Djava.io.tmpdir=" + temporary,
        "-cp",
        System.getProperty("java.class.path"),
        "-Dsirocco.home=" + Path.of("..", "..").toAbsolutePath().normalize(),
        main.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(Map.of("DJL_OFFLINE", "true", "OPT_OUT_TRACKING", "true"));
    return new WorkerProcess(builder.start(), temporary);
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      lines.lines().forEach(log::add);
    } catch (UncheckedIOException | IOException e) {
      log.add("the log ended: " + e);
    }
  }

  /** Everything that the process has written so far. */
  List<String> log() {
    return log;
  }

  /** Waits for a line that contains {@code part}. */
  void awaitLine(String part) {
    try {
      Awaitility.await().atMost(PATIENCE).until(() -> lines(part) > 0);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("expected a line with '" + part + "', found " + log, e);
    }
  }

  /** How many lines contain {@code part}. */
  long lines(String part) {
    return log.stream().filter(line -> line.contains(part)).count();
  }

  /** Sends a signal. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
        .start()
        .waitFor();
  }

  /** Whether it has not ended. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end; returns the exit code. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("expected the process to end, found " + log);
    }
    reader.join(PATIENCE.toMillis());
    return process.exitValue();
  }

  /** Ends it at once, and removes what it could not. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    try {
      Utils.delete(temporary.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("expected to remove what a process left", e);
    }
  }
}
