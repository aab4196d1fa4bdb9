package io.sirocco.worker.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process whose memory is measured: its heap is of a fixed size and touched from the beginning, so
 * that what grows is not the heap, and nothing that other tests freed is used again.
 *
 * <p>Stateless.
 */
public final class MeasuredProcess {
  private static final List<String> OPTIONS = List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch");

  private MeasuredProcess() {}

  /**
   * Runs a program of this class path to its end.
   *
   * @return what it printed
   * @throws AssertionError when its exit code is another one than 0; the message shows what it printed
   */
  public static String run(Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new AssertionError("expected exit code 0, found %d: %s".formatted(code, output));
    }
    return output;
  }
}
