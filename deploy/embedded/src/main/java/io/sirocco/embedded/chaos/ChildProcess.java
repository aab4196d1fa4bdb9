package io.sirocco.embedded.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that was started here, and what can be done to it.
 *
 * <p>Confined to the main thread.
 */
final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  ChildProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Ends it as a power failure would. */
  void kill() {
    process.destroyForcibly(); // SIGKILL
  }

  /** Asks it to end. */
  void terminate() {
    process.destroy(); // SIGTERM
  }

  /** Takes the processor from it. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Gives the processor back to it. */
  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    if (process.isAlive()) {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
          .start()
          .waitFor();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The exit code; it must have ended. */
  int exitCode() {
    return process.exitValue();
  }

  /** Whether it has written {@code text}. */
  boolean hasSaid(String text) throws IOException {
    return Files.readString(log, StandardCharsets.UTF_8).contains(text);
  }

  /** Ends it, frozen or not, and waits until it is gone. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
