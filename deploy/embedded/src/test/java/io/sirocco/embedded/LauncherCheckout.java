package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A checkout in miniature: the launcher as it is, some sources, and programs in the place of {@code
 * java} and {@code mvn} that only write down how they were called.
 *
 * <p>Confined to the thread of its test.
 */
final class LauncherCheckout {
  private static final List<String> TOOLS =
      List.of("find", "flock", "head", "mkdir", "mv", "readlink", "rm", "sed", "tail");

  private final Path root;
  private final Path bin;
  private final Path jdk;

  LauncherCheckout(Path folder) throws IOException {
    root = Files.createDirectories(folder.resolve("checkout"));
    bin = Files.createDirectories(folder.resolve("bin"));
    jdk = folder.resolve("jdk");
    // Surefire and failsafe run in the module's folder.
    Path script = Path.of("").toAbsolutePath().resolveSibling("sirocco");
    Files.createDirectories(root.resolve("deploy"));
    Files.copy(script, launcher(), StandardCopyOption.COPY_ATTRIBUTES);
    write(root.resolve("pom.xml"), "");
    write(source(), "");
    for (String tool : TOOLS) {
      program(bin.resolve(tool), "exec " + find(tool) + " \"$@\"");
    }
    installJava("17.0.15");
    installMaven(
        "echo '[INFO] Building Sirocco contracts 0.1.0-SNAPSHOT      [2/7]'",
        "> $ROOT/deploy/embedded/target/sirocco.jar");
  }

  private static Path find(String tool) {
    return List.of("/usr/bin", "/bin").stream()
        .map(folder -> Path.of(folder, tool))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new AssertionError("expected " + tool + " in /usr/bin or /bin"));
  }

  Path launcher() {
    return root.resolve("deploy/sirocco");
  }

  Path root() {
    return root;
  }

  Path source() {
    return root.resolve("contracts/src/main/java/Source.java");
  }

  /** Puts a Java of that version on the PATH; its program prints its arguments, one a line. */
  void installJava(String version) throws IOException {
    installJava(version, "echo classes > \"${word#*=}\"");
  }

  /** As {@link #installJava(String)}; asked for an archive of its classes, it runs {@code archive}. */
  void installJava(String version, String archive) throws IOException {
    program(
        jdk.resolve("bin/java"),
        "printf '%s\\n' \"$@\"",
        "for word; do case $word in -XX:ArchiveClassesAtExit=*) " + archive + " ;; esac; done");
    program(jdk.resolve("bin/javac"), "exit 0");
    write(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    Files.deleteIfExists(bin.resolve("java"));
    Files.createSymbolicLink(bin.resolve("java"), jdk.resolve("bin/java"));
  }

  /** Puts a Maven on the PATH that notes its call and then runs {@code lines}. */
  void installMaven(String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of("ROOT=" + root, "echo call >> " + calls()));
    all.addAll(List.of(lines));
    program(bin.resolve("mvn"), all.toArray(String[]::new));
  }

  void uninstall(String program) throws IOException {
    Files.delete(bin.resolve(program));
  }

  /** Makes {@code path} newer than all that was built so far. */
  void touch(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(1)));
  }

  int builds() throws IOException {
    return Files.exists(calls()) ? Files.readAllLines(calls()).size() : 0;
  }

  private Path calls() {
    return bin.resolve("calls");
  }

  record Result(int exitCode, String out, String err) {}

  Result run(String... args) throws Exception {
    return await(start(launcher(), args));
  }

  /** Starts the launcher from a folder outside the checkout, with next to no environment. */
  Started start(Path script, String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(args));
    Path out = Files.createTempFile(bin, "out", "");
    Path err = Files.createTempFile(bin, "err", "");
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(bin.toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", bin.toString()));
    return new Started(builder.start(), out, err);
  }

  record Started(Process process, Path out, Path err) {
    String errors() throws IOException {
      return Files.readString(err);
    }
  }

  static Result await(Started started) throws Exception {
    if (!started.process().waitFor(2, TimeUnit.MINUTES)) {
      started.process().destroyForcibly();
      throw new AssertionError("expected the launcher to end, found: " + started.errors());
    }
    return new Result(
        started.process().exitValue(), Files.readString(started.out()), started.errors());
  }

  private static void program(Path path, String... lines) throws IOException {
    write(path, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    if (!path.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + path + " executable");
    }
  }

  private static void write(Path path, String text) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, text, UTF_8);
  }
}
