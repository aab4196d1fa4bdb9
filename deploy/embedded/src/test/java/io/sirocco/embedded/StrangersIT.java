package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.contracts.topic.Topics;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A client that is not ours, kcat, against a whole system: the two lines of the README. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrangersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String REQUEST =
      "{\"temperature\": 0, \"messages\": [{\"role\": \"user\", \"content\": \"What is the capital of"
          + " France?\"}]}";

  private EmbeddedSirocco sirocco;

  @BeforeAll
  void start() throws Exception {
    assumeTrue(hasKcat(), "kcat was not found: the tests with it are skipped");
    sirocco = EmbeddedSirocco.start(
        new EmbeddedSettings(
            0,
            null,
            List.of(new ServedName("demo", () -> DemoModels.f32(2))),
            1,
            4,
            true,
            0,
            Duration.ZERO),
        new SimpleMeterRegistry(),
        fault -> {
          throw new AssertionError(fault);
        });
  }

  @AfterAll
  void stop() {
    if (sirocco != null) {
      sirocco.close();
    }
  }

  @Test
  void readsItsAnswerFromTheSharedTopic(@TempDir Path folder) throws Exception {
    ask(folder, Topics.SHARED_REPLIES, "kcat-1");

    awaitAnswer(Topics.SHARED_REPLIES, "kcat-1");
  }

  @Test
  void readsItsAnswerFromATopicThatTheWorkerMakes(@TempDir Path folder) throws Exception {
    ask(folder, "chat.replies.stranger.1", "kcat-2");

    awaitAnswer("chat.replies.stranger.1", "kcat-2");
  }

  private void ask(Path folder, String replies, String id) throws Exception {
    Path request = Files.writeString(folder.resolve("request.json"), REQUEST);
    kcat(
        "-P",
        "-t",
        "chat.requests.demo",
        "-H",
        "kafka_replyTopic=" + replies,
        "-H",
        "x-request-id=" + id,
        request.toString());
  }

  /** Without streaming the last record holds the whole answer. */
  private void awaitAnswer(String replies, String id) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(
                kcat("-C", "-t", replies, "-o", "beginning", "-e", "-q", "-f", "%h %s\\n"))
            .anyMatch(line -> line.contains("x-request-id=" + id)
                && line.contains("event=end")
                && line.contains("The capital of France is Paris.")));
  }

  private List<String> kcat(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("kcat", "-b", sirocco.bootstrapServers()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .toList();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return lines;
  }

  private static boolean hasKcat() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kcat")));
  }
}
