package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/clients.md shows compiles against the client as it is. */
class ClientExamplesTest {
  @TempDir
  private Path folder;

  @Test
  void javaCompiles() throws IOException {
    assertThat(faults(Repository.files("docs/clients", name -> name.endsWith(".java"))))
        .isEmpty();
  }

  @Test
  void javaThatIsWrongDoesNot() throws IOException {
    assertThat(faults(List.of(Repository.planted("Planted.java")))).contains("cannot find symbol");
  }

  @Test
  void everyFileOfTheFolderIsNamed() {
    String document = Repository.text("docs/clients.md");

    assertThat(Repository.files("docs/clients", name -> name.contains("hat")))
        .hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(file -> assertThat(document).contains("(clients/" + file.getFileName() + ")"));
  }

  private String faults(List<Path> sources) throws IOException {
    assertThat(sources).isNotEmpty();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter output = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      compiler
          .getTask(
              output,
              files,
              null,
              List.of("--release", "17", "-proc:none", "-d", folder.toString()),
              null,
              files.getJavaFileObjectsFromPaths(sources))
          .call();
    }
    return output.toString();
  }
}
