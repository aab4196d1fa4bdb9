package io.sirocco.embedded.chaos;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How this program is started once more, in a process of its own.
 *
 * <p>Immutable.
 *
 * @param words the program and its first arguments
 */
public record ChildCommand(List<String> words) {
  public ChildCommand {
    words = List.copyOf(words);
  }

  /** Starts {@code main} with the Java and the libraries of this process. */
  public static ChildCommand of(Class<?> main) {
    List<String> words = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        // To be there soon matters more than to be fast one day.
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData"));
    words.addAll(classDataSharing());
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return new ChildCommand(words);
  }

  /** Classes that this process finds laid out in a file need not be read and checked by the others. */
  private static List<String> classDataSharing() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(word -> word.startsWith("-XX:SharedArchiveFile=") || word.startsWith("-Xlog:cds"))
        .toList();
  }

  /** Starts it with {@code arguments}; what it says goes to {@code log}. */
  ChildProcess start(Path log, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(words);
    command.addAll(arguments);
    Process process = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
    return new ChildProcess(process, log);
  }
}
