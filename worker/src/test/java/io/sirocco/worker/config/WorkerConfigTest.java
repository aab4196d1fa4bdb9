package io.sirocco.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.settings.InvalidSettingsException;
import io.sirocco.settings.SettingSources;
import io.sirocco.settings.SettingsLoader;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.engine.EngineLimits;
import io.sirocco.worker.model.torch.ComputeDevice;
import io.sirocco.worker.model.torch.Precision;
import io.sirocco.worker.model.torch.TorchModelSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerConfigTest {
  private final Map<String, String> options =
      new HashMap<>(Map.of("kafka.bootstrap.servers", "broker:9092"));

  private WorkerConfig load() throws InvalidSettingsException, IOException {
    return WorkerConfig.of(
        new SettingsLoader(WorkerKeys.GROUPS, Set.of())
            .load(new SettingSources(Optional.empty(), Map.of(), options), WorkerKeys.GROUPS),
        6);
  }

  private List<String> mistakes() {
    return catchThrowableOfType(InvalidSettingsException.class, this::load).lines();
  }

  @Test
  void brokersAreAllThatMustBeSet() throws Exception {
    WorkerConfig config = load();

    assertThat(config.models()).isEmpty();
    assertThat(config.threads()).isEqualTo(6);
    assertThat(config.replyTopics().pattern()).isEqualTo(Topics.ALLOWED_REPLY_TOPICS.pattern());
    assertThat(config.kafka()).isEqualTo(Map.of("bootstrap.servers", "broker:9092"));
  }

  @Test
  void settingsReachTheWorkerAndItsModel() throws Exception {
    options.putAll(Map.of(
        "worker.precision", "f32",
        "worker.threads", "3",
        "worker.slots", "5",
        "worker.context-tokens", "2048",
        "worker.inbox-capacity", "7",
        "worker.max-batched-tokens", "640",
        "worker.reply-topics", "answers\\..+",
        "worker.grace", "5s",
        "worker.partitions", "12",
        "kafka.security.protocol", "SSL"));

    WorkerConfig config = load();
    assertThat(config.torch(32_768))
        .isEqualTo(new TorchModelSettings(Precision.F32, 5 * 2048, 2048, 3));
    assertThat(config.torch(1024).contextTokens()).isEqualTo(1024);
    WorkerSettings worker = WorkerSettings.of(config, "demo");
    assertThat(worker.requestTopic()).isEqualTo("chat.requests.demo");
    assertThat(worker.bootstrapServers()).isEqualTo("broker:9092");
    assertThat(worker.inboxCapacity()).isEqualTo(7);
    assertThat(worker.limits()).isEqualTo(new EngineLimits(5, 640, 48));
    assertThat(worker.allowedReplyTopics().pattern()).isEqualTo("answers\\..+");
    assertThat(worker.grace()).isEqualTo(Duration.ofSeconds(5));
    assertThat(worker.partitions()).contains(12);
    assertThat(worker.kafka()).containsEntry("security.protocol", "SSL");
  }

  @Test
  void modelsAreComputedWhereItIsSaid() throws Exception {
    assertThat(load().torch(1024).device()).isEqualTo(ComputeDevice.CPU);

    options.put("worker.device", "CUDA:1");
    assertThat(load().torch(1024).device()).isEqualTo(new ComputeDevice("cuda:1"));
  }

  @Test
  void anUnknownDeviceIsAMistake() {
    options.put("worker.device", "gpu");

    assertThat(mistakes())
        .singleElement()
        .asString()
        .startsWith("worker.device (command line)")
        .contains("cpu, cuda or cuda:N");
  }

  @Test
  void theCacheHoldsWhatIsAskedForAndAtLeastOneContext() throws Exception {
    assertThat(load().torch(1000).cacheTokens()).isEqualTo(16_000);
    assertThat(load().torch(32_768).cacheTokens()).isEqualTo(16 * 4096);

    options.put("worker.cache-tokens", "3000");
    assertThat(load().torch(1000).cacheTokens()).isEqualTo(3008);
    assertThat(load().torch(5000).cacheTokens()).isEqualTo(8192);
  }

  @Test
  void modelIsCalledAsItIsSaidOrAsItsFolder() throws Exception {
    options.put("worker.models", "small=/models/m=1,/models/mistral-7b/");

    assertThat(load().models())
        .containsExactly(
            new ModelEntry("small", Path.of("/models/m=1")),
            new ModelEntry("mistral-7b", Path.of("/models/mistral-7b")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mistral 7b=/models/m", "=/models/m", "small=", "/models/a model", "/"})
  void modelWhoseNameMakesNoTopicIsAMistake(String model) {
    options.put("worker.models", model);

    assertThat(mistakes()).singleElement().asString().startsWith("worker.models (command line)");
  }

  @Test
  void aliasesStandForOneModelEach() throws Exception {
    options.put("worker.models", "m7=/models/m7,m8=/models/m8");
    options.put("worker.aliases", "mistralai/Mistral-7B-Instruct-v0.2=m7,mistral=m7,large=m8");

    assertThat(load().aliasesOf("m7"))
        .containsExactly("mistralai/Mistral-7B-Instruct-v0.2", "mistral");
  }

  @Test
  void namesThatMeanNoModelOrTwoAreMistakes() {
    options.put("worker.models", "m7=/models/m7,m8=/models/m8,m7=/models/m9");
    options.put("worker.aliases", "a=m7,a=m8,m8=m7,b=m9");

    assertThat(mistakes())
        .containsExactlyInAnyOrder(
            "worker.models (command line): expected a name for each model, found two of 'm7'",
            "worker.aliases (command line): expected a name that means one model, found 'a' twice",
            "worker.aliases (command line): expected a name that means one model, found 'm8' twice",
            "worker.aliases (command line): expected 'b' to stand for one of the models [m7, m8],"
                + " found 'm9'");
  }

  @Test
  void propertyThatKeepsTheWorkerRightIsNotLeftToUsers() {
    options.put("kafka.enable.auto.commit", "true");
    options.put("kafka.acks", "1");

    assertThat(mistakes()).hasSize(2).allMatch(line -> line.contains("the role sets itself"));
  }
}
