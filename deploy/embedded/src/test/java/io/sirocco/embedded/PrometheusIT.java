package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.embedded.observe.PrometheusServer;
import io.sirocco.embedded.observe.ShortenedRules;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus with the rules that are shipped, over {@code sirocco up} and one more worker. */
@EnabledOnOs(OS.LINUX)
class PrometheusIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path RULES = Path.of("..", "prometheus", "rules");
  private static final String REQUESTS = Topics.requests("demo");
  private static final int PARTITIONS = 4;
  private static final int AT_ONCE = 50;
  private static final String FIRING = "ALERTS{alertstate=\"firing\"}";
  private static final byte[] REQUEST = """
      {"messages": [{"role": "user", "content": "Tell me of winds."}], "max_tokens": 100,
       "ignore_eos": true, "stream": true, "temperature": 0}""".getBytes(UTF_8);

  @Test
  void frozenWorkerAndGrowingLagAndDeadLettersRaiseTheirAlerts(@TempDir Path folder)
      throws Exception {
    assumeTrue(
        PrometheusServer.isInstalled(),
        "prometheus is not there: apt-get install prometheus; alerts not seen to fire");
    try (WorkerProcess up =
        WorkerProcess.ofRole("up", "--data", folder.resolve("broker").toString())) {
      up.awaitLine("ready kafka=");
      String kafka = logged(up, "kafka=(\\S+)");
      try (WorkerProcess worker = WorkerProcess.start("--bootstrap-server", kafka)) {
        worker.awaitLine("ready model=");
        Map<String, URI> targets = Map.of(
            "sirocco-up", URI.create(logged(up, "metrics=(\\S+)")),
            "sirocco-worker", URI.create(logged(worker, "metrics=(\\S+)")));
        try (PrometheusServer prometheus =
                PrometheusServer.start(folder, new ShortenedRules(RULES).writeTo(folder), targets);
            KafkaProducer<String, byte[]> producer = producer(kafka)) {
          everythingIsWell(prometheus, producer);
          faultsAreSeen(prometheus, producer, worker);
          worker.signal("CONT");
          await().until(() -> !prometheus.labels(FIRING, "alertname").contains("SiroccoDown"));
        }
      }
    }
  }

  private static void everythingIsWell(
      PrometheusServer prometheus, KafkaProducer<String, byte[]> producer) {
    await().pollInterval(Duration.ofSeconds(1)).until(() -> {
      send(producer, REQUEST, 2);
      return prometheus.labels("up == 1", "job").size() == 2
          && prometheus
              .labels("model:sirocco_generation_tokens:rate5m > 0", "model_name")
              .contains("demo");
    });
    await()
        .untilAsserted(
            () -> assertThat(prometheus.rulesHealth()).hasSizeGreaterThan(20).containsOnly("ok"));
    assertThat(prometheus.labels(FIRING, "alertname")).isEmpty();
  }

  private static void faultsAreSeen(
      PrometheusServer prometheus, KafkaProducer<String, byte[]> producer, WorkerProcess worker)
      throws Exception {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      producer
          .send(new ProducerRecord<>(REQUESTS, partition, null, "{".getBytes(UTF_8)))
          .get();
    }
    worker.signal("STOP");
    await().until(() -> {
      send(producer, REQUEST, AT_ONCE);
      return prometheus
              .labels(FIRING, "alertname")
              .containsAll(Set.of("SiroccoDeadLetters", "SiroccoLagGrowing"))
          && prometheus
              .labels("ALERTS{alertname=\"SiroccoDown\", alertstate=\"firing\"}", "job")
              .contains("sirocco-worker");
    });
  }

  private static void send(KafkaProducer<String, byte[]> producer, byte[] body, int count)
      throws Exception {
    for (int i = 0; i < count; i++) {
      ProducerRecord<String, byte[]> request = new ProducerRecord<>(REQUESTS, body);
      request.headers().add(Headers.REPLY_TOPIC, Topics.SHARED_REPLIES.getBytes(UTF_8));
      producer.send(request).get();
    }
  }

  private static KafkaProducer<String, byte[]> producer(String kafka) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka), new StringSerializer(), new ByteArraySerializer());
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(PATIENCE);
  }

  private static String logged(WorkerProcess process, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(String.join("\n", process.log()));
    assertThat(found.find()).as("%s in %s", pattern, process.log()).isTrue();
    return found.group(1);
  }
}
