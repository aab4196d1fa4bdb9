package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.embedded.observe.Observation;
import io.sirocco.embedded.observe.ObservationSettings;
import io.sirocco.embedded.observe.Scrape;
import io.sirocco.embedded.observe.TracingSettings;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.observe.LoadMetrics;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;

/** A whole system under one request, as those see it who operate it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String USER = "alice-of-accounting";
  private static final String PROMPT = "What is the capital of Zanzibarland?";
  private static final String CONVERSATION = "conversation-of-alice";

  /** Named after their libraries; not each is on the page. */
  private static final Pattern OF_LIBRARIES = Pattern.compile("(jvm|process|system|kafka)_.*");

  private final HttpClient http = HttpClient.newHttpClient();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final List<Integer> readyWhileLoading = new CopyOnWriteArrayList<>();
  private final List<Double> loadingWhileLoading = new CopyOnWriteArrayList<>();
  private Observation observation;
  private EmbeddedSirocco sirocco;
  private ChatCompletion answer;

  @BeforeAll
  void askOnce() throws Exception {
    log.list = new CopyOnWriteArrayList<>();
    log.start();
    Logger ours = (Logger) LoggerFactory.getLogger("io.sirocco");
    ours.setLevel(Level.DEBUG);
    ours.addAppender(log);
    observation =
        Observation.open("sirocco", "test", ObservationSettings.local(0), TracingSettings.OFF);
    sirocco = EmbeddedSirocco.start(
        new EmbeddedSettings(
            0, null, List.of(new ServedName("demo", this::load)), 1, 4, true, 0, 0, Duration.ZERO),
        observation.registry(),
        fault -> {
          throw new AssertionError(fault);
        });
    sirocco.tell(observation.health());
    observation.health().started();
    try (SiroccoClient client =
        SiroccoClient.connect(ClientSettings.builder(sirocco.bootstrapServers()).build())) {
      answer = client
          .submit(
              ChatRequest.builder().message(ChatMessage.user(PROMPT)).build(),
              SubmitOptions.builder().user(USER).recordKey(CONVERSATION).build())
          .await(PATIENCE);
    }
    HttpAsker gateway = new HttpAsker(Objects.requireNonNull(sirocco.gateway()));
    assertThat(gateway.get("models").statusCode()).isEqualTo(200);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> scrape().sum("sirocco_usage_events_total") == 1
            && scrape().sum("http_server_request_duration_seconds_count") == 1
            && scrape().sum("sirocco_closing_transaction_seconds_count") > 0);
  }

  private ServedModel load() throws ModelLoadException {
    try (LoadMetrics metrics = new LoadMetrics(observation.registry(), "demo", System::nanoTime)) {
      readyWhileLoading.add(get("/health/ready").statusCode());
      loadingWhileLoading.add(scrape().sum("sirocco_model_loading"));
      ServedModel model = DemoModels.f32(2);
      metrics.loaded(1, 1);
      return model;
    }
  }

  @AfterAll
  void stop() {
    ((Logger) LoggerFactory.getLogger("io.sirocco")).detachAppender(log);
    ((Logger) LoggerFactory.getLogger("io.sirocco")).setLevel(null);
    if (sirocco != null) {
      sirocco.close();
    }
    observation.close();
  }

  @Test
  void thePageNamesWhatIsExportedAndNothingElse() throws IOException {
    Map<String, String> exported = new TreeMap<>(scrape().types());
    exported.keySet().removeIf(name -> OF_LIBRARIES.matcher(name).matches());

    assertThat(exported)
        .as("found by /metrics, expected by docs/metrics.md")
        .isEqualTo(MetricsDocument.read().types());
  }

  @Test
  void thePageNamesTheBucketsOfEveryHistogram() throws IOException {
    MetricsDocument page = MetricsDocument.read();
    Scrape scrape = scrape();
    List<String> histograms = page.types().entrySet().stream()
        .filter(family -> family.getValue().equals("histogram"))
        .map(Map.Entry::getKey)
        .toList();

    assertThat(histograms)
        .hasSizeGreaterThan(10)
        .allSatisfy(
            name -> assertThat(scrape.bounds(name)).isNotEmpty().isEqualTo(page.bounds(name)));
  }

  @Test
  void theLibrariesOfThePageAreExported() {
    assertThat(scrape().types().keySet())
        .contains("jvm_memory_used_bytes", "process_cpu_usage", "system_cpu_usage")
        .anyMatch(name -> name.startsWith("kafka_consumer_fetch_manager_"))
        .anyMatch(name -> name.startsWith("kafka_producer_"))
        .anyMatch(name -> name.startsWith("kafka_stream_"));
  }

  @Test
  void figuresAreThoseOfTheAnswer() {
    Scrape scrape = scrape();
    Usage usage = Objects.requireNonNull(answer.usage());

    assertThat(scrape.sum("sirocco_generation_tokens_total")).isEqualTo(usage.completionTokens());
    assertThat(scrape.sum("sirocco_prompt_tokens_total")).isEqualTo(usage.promptTokens());
    assertThat(scrape.sum("sirocco_request_generation_tokens_sum"))
        .isEqualTo(usage.completionTokens());
    assertThat(scrape.sum("sirocco_request_prompt_tokens_sum")).isEqualTo(usage.promptTokens());
    assertThat(scrape.sum("sirocco_inter_token_latency_seconds_count"))
        .isEqualTo(usage.completionTokens() - 1);
    assertThat(scrape.sum("sirocco_time_to_first_token_seconds_count")).isOne();
    assertThat(scrape.sum("sirocco_e2e_request_latency_seconds_count")).isOne();
    assertThat(scrape.sum("gen_ai_server_request_duration_seconds_count")).isOne();
    assertThat(scrape.sum("sirocco_request_success_total")).isOne();
    assertThat(scrape.sum("sirocco_request_failure_total")).isZero();
    assertThat(scrape.sum("sirocco_dead_letters_total")).isZero();
    assertThat(scrape.sum("sirocco_request_attempts_total")).isOne();
    assertThat(scrape.sum("sirocco_takeovers_total")).isZero();
    assertThat(scrape.sum("sirocco_partitions_assigned")).isEqualTo(4);
    assertThat(scrape.sum("sirocco_publish_latency_seconds_count")).isGreaterThan(2);
    assertThat(scrape.sum("sirocco_model_loading_progress_perc")).isOne();
  }

  @Test
  void nothingLagsWhenEverythingIsAnswered() {
    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
      assertThat(scrape().sum("sirocco_lag_records")).isZero();
      assertThat(scrape().sum("sirocco_lag_seconds")).isZero();
    });
  }

  @Test
  void noLabelNamesAUserOrAReplyTopicOrAConversation() {
    assertThat(scrape().text()).doesNotContain(USER, CONVERSATION, "chat.replies", "chat_replies");
  }

  @Test
  void nothingIsReadyWhileItsModelLoads() {
    assertThat(readyWhileLoading).containsExactly(503);
    assertThat(loadingWhileLoading).containsExactly(1.0);
  }

  @Test
  void everythingIsReadyAfterwards() {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(get("/health/ready").body()).isEqualTo("ok\n"));
    assertThat(scrape().sum("sirocco_model_loading")).isZero();
  }

  @Test
  void noLogHoldsAPromptOrAnAnswerAtAnyLevel() {
    assertThat(log.list).isNotEmpty();
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .noneMatch(line -> line.contains("Zanzibarland"))
        .noneMatch(line -> line.contains(answer.text()));
  }

  private Scrape scrape() {
    return Scrape.of(get("/metrics").body());
  }

  private HttpResponse<String> get(String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(observation.address().resolve(path)).build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
