package io.sirocco.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sirocco.streams.topic.UsageTopics;
import io.sirocco.streams.topology.UsageMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class StreamsSettingsTest {
  private static final Path FOLDER = Path.of("state");

  @Test
  void defaultsCountExactlyOnceAndCommitFiveTimesASecond() {
    Properties properties =
        StreamsProperties.of(StreamsSettings.builder("kafka:9092").build(), FOLDER);

    assertThat(properties)
        .containsEntry("bootstrap.servers", "kafka:9092")
        .containsEntry("application.id", "sirocco-usage")
        .containsEntry("processing.guarantee", "exactly_once_v2")
        .containsEntry("commit.interval.ms", 200L)
        .containsEntry("group.protocol", "classic")
        .containsEntry("replication.factor", -1)
        .containsEntry("state.dir", "state");
  }

  @Test
  void clientPropertiesWinOverDefaultsAndNotOverSettings() {
    StreamsSettings settings = StreamsSettings.builder("kafka:9092")
        .clientProperties(Map.of(
            "producer.retry.backoff.ms", "77",
            "security.protocol", "SSL",
            "processing.guarantee", "at_least_once",
            "bootstrap.servers", "elsewhere:1"))
        .build();

    assertThat(StreamsProperties.of(settings, FOLDER))
        .containsEntry("producer.retry.backoff.ms", "77")
        .containsEntry("security.protocol", "SSL")
        .containsEntry("processing.guarantee", "exactly_once_v2")
        .containsEntry("bootstrap.servers", "kafka:9092");
  }

  @Test
  void noBatchOvertakesOneThatWasRefused() {
    Properties properties =
        StreamsProperties.of(StreamsSettings.builder("kafka:9092").build(), FOLDER);

    assertThat(properties).containsEntry("producer.max.in.flight.requests.per.connection", 1);
  }

  @Test
  void brokersSetTheSessionInTheStreamsProtocol() {
    StreamsSettings settings = StreamsSettings.builder("kafka:9092")
        .groupProtocol(GroupProtocol.STREAMS)
        .build();

    assertThat(StreamsProperties.of(settings, FOLDER))
        .containsEntry("group.protocol", "streams")
        .doesNotContainKey("consumer.session.timeout.ms");
  }

  @Test
  void valuesOutOfRangeAreRefusedWithWhatWasFound() {
    StreamsSettings.Builder builder = StreamsSettings.builder("kafka:9092");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.threads(0).build())
        .withMessage("expected at least 1 thread, found 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.threads(1).commitInterval(Duration.ZERO).build())
        .withMessage("expected a commit interval above 0, found PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UsageTopics(0, (short) 1))
        .withMessage("expected at least 1 partition, found 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UsageTopics(1, (short) 0))
        .withMessage("expected at least 1 replica, or -1 for the brokers' default, found 0");
  }

  @Test
  void idsMustBeRememberedForLongerThanTheGrace() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new UsageMemory(Duration.ofDays(7), Duration.ofDays(7), Duration.ofDays(1)))
        .withMessage("expected ids to be remembered for the grace and an hour,"
            + " found a grace of PT168H and a memory of PT168H");
  }
}
