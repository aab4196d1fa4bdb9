package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.gateway.Gateway;
import io.sirocco.gateway.settings.GatewaySettings;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients that people have, as they are, against the gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class GatewayClientsIT {
  private static final Path FOLDER = Path.of("src", "test", "sdk").toAbsolutePath();
  private static final String PYTHON = "/usr/bin/python3";
  private static final String KEYS =
      "{\"keys\": [{\"sha256\": \"%s\", \"user\": \"ann\"}]}".formatted(ApiKeys.sha256("ann-key"));

  private EmbeddedSirocco sirocco;
  private Gateway gateway;

  @BeforeAll
  void start() throws Exception {
    sirocco = DemoSystem.start();
    gateway = Gateway.start(
        GatewaySettings.local(sirocco.bootstrapServers(), 0).withKeys(KEYS),
        new SimpleMeterRegistry());
    await().atMost(Duration.ofSeconds(60)).until(gateway::isReady);
  }

  @AfterAll
  void stop() {
    gateway.close();
    sirocco.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai.mjs", "mistral.mjs", "azure.mjs"})
  void clientOfJavaScriptWorksAsItIs(String script) throws Exception {
    assumeTrue(isInstalled("node"), "node was not found: " + script + " is not run");
    assumeTrue(
        Files.isDirectory(FOLDER.resolve("node_modules")),
        "the clients are not installed (npm ci in src/test/sdk): " + script + " is not run");
    assertNothingWrong(
        "node", FOLDER.resolve(script).toString(), gateway.address().toString());
  }

  @Test
  void examplesOfPredictWorkWithRequests() throws Exception {
    assumeTrue(
        new File(PYTHON).canExecute() && run(PYTHON, "-c", "import requests").exitCode() == 0,
        "python3-requests was not found: the examples of /predict are not run");
    assertNothingWrong(
        PYTHON, FOLDER.resolve("predict.py").toString(), gateway.address().toString());
  }

  @Test
  void curlAsksAsTheHostedEndpointsShowIt() throws Exception {
    assumeTrue(isInstalled("curl"), "curl was not found: its examples are not run");
    String base = gateway.address().toString();
    String question =
        "{\"model\": \"demo\", \"max_tokens\": 4, \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]%s}";

    Output whole = run(
        "curl",
        "-sS",
        base + "/openai/chat/completions",
        "-H",
        "Content-Type: application/json",
        "-H",
        "Authorization: Bearer ann-key",
        "-d",
        question.formatted(""));
    Output stream = run(
        "curl",
        "-sSN",
        base + "/chat/completions",
        "-H",
        "Content-Type: application/json",
        "-H",
        "Authorization: Bearer ann-key",
        "-d",
        question.formatted(", \"stream\": true"));
    Output predict = run(
        "curl",
        "-sS",
        base.replace("/v1", "/production/predict"),
        "-H",
        "Authorization: Api-Key ann-key",
        "-d",
        question.formatted(""));

    assertThat(whole.text()).contains("\"object\":\"chat.completion\"");
    assertThat(stream.text()).startsWith("data: {").endsWith("data: [DONE]\n\n");
    assertThat(predict.text()).startsWith("{\"output\":");
  }

  private static void assertNothingWrong(String... command) throws Exception {
    Output output = run(command);
    assertThat(output.exitCode()).as(output.text()).isZero();
    assertThat(output.text()).contains(" claims, 0 wrong");
  }

  private record Output(int exitCode, String text) {}

  private static Output run(String... command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true);
    builder.environment().putAll(Map.of("PYTHONDONTWRITEBYTECODE", "1"));
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Output(process.waitFor(), printed);
  }

  private static boolean isInstalled(String command) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(folder -> new File(folder, command).canExecute());
  }
}
