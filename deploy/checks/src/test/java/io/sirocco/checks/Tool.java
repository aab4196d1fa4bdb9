package io.sirocco.checks;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that checks files, and says with its exit status whether they are right.
 *
 * <p>Immutable.
 *
 * @param command the program and its first arguments
 */
record Tool(List<String> command) {
  private static final Path NODE = Repository.file("deploy/checks/src/test/node");

  /** What a tool said. */
  record Findings(int status, String output) {}

  /** Prometheus' own tool; a test that needs it is skipped without. */
  static Tool promtool() {
    assumeTrue(
        isThere("promtool"), "promtool is not there: apt-get install prometheus; rules unchecked");
    return new Tool(List.of("promtool"));
  }

  /** The linter of one kind of files, from npm; a test that needs it is skipped without. */
  static Tool linter(String kind) {
    assumeTrue(
        isThere("node") && Files.isDirectory(NODE.resolve("node_modules")),
        "linters are not there: npm ci --prefix deploy/checks/src/test/node; unchecked: " + kind);
    return new Tool(List.of("node", NODE.resolve("check.mjs").toString(), kind));
  }

  /** Runs the tool on files. */
  Findings run(List<String> arguments, List<Path> files) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(command);
    line.addAll(arguments);
    files.forEach(file -> line.add(file.toString()));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    try (InputStream output = process.getInputStream()) {
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      return new Findings(process.waitFor(), text);
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean isThere(String program) {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }
}
