package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a backend takes on that imports the client. */
@Timeout(180)
@OnEmbeddedKafka
class ClientAloneIT {
  private static final int JAVA_17 = 61;

  /** The client, what Kafka's own client needs, and Jackson. */
  private static final Pattern NEEDED = Pattern.compile(
      ".*[/\\\\](client[/\\\\]target[/\\\\]classes|contracts[/\\\\]target[/\\\\]classes|"
          + "(sirocco-(contracts|client)|kafka-clients|jackson-(core|databind|annotations)|jspecify|"
          + "slf4j-api|lz4-java|at\\.yawk\\.lz4|snappy-java|zstd-jni)-[^/\\\\]*\\.jar)");

  private static final String PROGRAM = """
      import io.sirocco.client.*;
      import io.sirocco.contracts.chat.*;
      import java.time.Duration;
      public class Backend {
        public static void main(String[] servers) {
          ClientSettings settings =
              ClientSettings.builder(servers[0]).model("alone").readyTopics(1).build();
          ChatRequest request =
              ChatRequest.builder().message(ChatMessage.user("a whole answer.")).build();
          try (SiroccoClient client = SiroccoClient.connect(settings)) {
            System.out.println(client.submit(request).await(Duration.ofSeconds(60)).text());
          }
        }
      }
      """;

  @TempDir
  private Path folder;

  @Test
  void clientRunsWithKafkaClientsAndJacksonAlone(KafkaBroker broker) throws Exception {
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(Topics.requests("alone"), 1);
    }
    Path source = Files.writeString(folder.resolve("Backend.java"), PROGRAM);
    String classPath = classPath() + File.pathSeparator + folder;
    int compiled = ToolProvider.getSystemJavaCompiler()
        .run(
            null,
            null,
            null,
            "--release",
            "17",
            "-proc:none",
            "-cp",
            classPath,
            "-d",
            folder.toString(),
            source.toString());
    assertThat(compiled).isZero();
    try (EchoWorker worker =
        EchoWorker.start(broker.bootstrapServers(), Topics.requests("alone"), EchoWorker.ECHO)) {
      Process backend = new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              classPath,
              "Backend",
              broker.bootstrapServers())
          .redirectError(folder.resolve("errors").toFile())
          .start();
      String printed = new String(backend.getInputStream().readAllBytes(), UTF_8);

      assertThat(backend.waitFor())
          .as(Files.readString(folder.resolve("errors")))
          .isZero();
      assertThat(printed.strip()).isEqualTo("a whole answer.");
      assertThat(worker.requests()).hasSize(1);
    }
  }

  @Test
  void nothingThatComputesIsOnTheClassPath() {
    assertThat(System.getProperty("java.class.path")).doesNotContain("djl", "pytorch");
  }

  @Test
  void classesAreThoseOfJava17() throws Exception {
    try (Stream<Path> classes = Files.walk(Path.of("target", "classes"))) {
      List<Path> files =
          classes.filter(file -> file.toString().endsWith(".class")).toList();

      assertThat(files)
          .isNotEmpty()
          .allSatisfy(file -> assertThat(majorVersion(file)).isEqualTo(JAVA_17));
    }
  }

  private static int majorVersion(Path file) throws IOException {
    try (DataInputStream data = new DataInputStream(Files.newInputStream(file))) {
      data.skipBytes(6);
      return data.readUnsignedShort();
    }
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> NEEDED.matcher(entry).matches())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
