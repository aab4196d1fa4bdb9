package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the Javadoc shows can be copied. */
class JavadocExamplesTest {
  private static final Path SOURCES = Path.of("src", "main", "java", "io", "sirocco", "client");
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\n(.*?)\n \\* \\}</pre>", Pattern.DOTALL);

  @TempDir
  private Path folder;

  @Test
  void everyExampleIsCompleteAndCompiles() throws Exception {
    List<String> examples = examples();
    assertThat(examples).hasSizeGreaterThanOrEqualTo(4);

    for (int number = 0; number < examples.size(); number++) {
      assertThat(faults("Example" + number, examples.get(number)))
          .as(examples.get(number))
          .isEmpty();
    }
  }

  private static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.sorted().toList()) {
        Matcher example = EXAMPLE.matcher(Files.readString(file));
        while (example.find()) {
          examples.add(example.group(1).replaceAll("(?m)^ \\* ?", ""));
        }
      }
    }
    return examples;
  }

  private String faults(String name, String method) throws IOException {
    Path source = Files.writeString(folder.resolve(name + ".java"), """
        import io.sirocco.client.*;
        import io.sirocco.contracts.chat.*;
        import io.sirocco.contracts.request.*;
        import java.time.Duration;
        import java.util.concurrent.Flow;
        class %s {
        %s
        }
        """.formatted(name, method));
    ByteArrayOutputStream faults = new ByteArrayOutputStream();
    ToolProvider.getSystemJavaCompiler()
        .run(
            null,
            null,
            faults,
            "-cp",
            System.getProperty("java.class.path"),
            "-proc:none",
            "-d",
            folder.toString(),
            source.toString());
    return faults.toString(UTF_8);
  }
}
