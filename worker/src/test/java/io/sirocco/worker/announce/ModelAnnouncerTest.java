package io.sirocco.worker.announce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.contracts.model.ModelCatalog;
import io.sirocco.contracts.model.ModelNames;
import io.sirocco.contracts.model.ModelState;
import io.sirocco.contracts.topic.Topics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class ModelAnnouncerTest {
  private static final ModelNames NAMES = new ModelNames("breeze", List.of("winds/breeze"));

  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private final ModelAnnouncer announcer = announcer("w1");

  private ModelAnnouncer announcer(String worker) {
    return new ModelAnnouncer(
        producer, NAMES, true, worker, InstantSource.fixed(Instant.ofEpochMilli(77)));
  }

  private ModelCatalog catalog() throws MalformedJsonException {
    JsonCodec codec = new JsonCodec();
    ModelCatalog catalog = ModelCatalog.EMPTY;
    for (ProducerRecord<String, byte[]> sent : producer.history()) {
      assertThat(sent.topic()).isEqualTo("chat.models");
      catalog = sent.value() == null
          ? catalog.without(sent.key())
          : catalog.with(codec.read(sent.value(), ModelAnnouncement.class));
    }
    return catalog;
  }

  @Test
  void readyModelIsAnnouncedUnderItsName() throws Exception {
    announcer.ready(1024);

    assertThat(catalog().models())
        .containsExactly(new ModelAnnouncement(
            "breeze",
            List.of("winds/breeze"),
            Topics.requests("breeze"),
            1024,
            ModelState.READY,
            true,
            "w1",
            77));
    assertThat(producer.history()).extracting(ProducerRecord::key).containsExactly("breeze");
  }

  @Test
  void loadingModelIsKnownUntilItIsReadyAndNeverInBetween() throws Exception {
    announcer.loading();
    assertThat(catalog().models())
        .extracting(ModelAnnouncement::state)
        .containsExactly(ModelState.LOADING);

    announcer.ready(1024);
    assertThat(producer.history())
        .extracting(ProducerRecord::key)
        .containsExactly("breeze/w1", "breeze", "breeze/w1");
    assertThat(catalog().without("breeze").models()).isEmpty();
  }

  @Test
  void workerThatGivesUpLoadingLeavesNothing() throws Exception {
    announcer.loading();
    announcer.withdraw();

    assertThat(catalog().models()).isEmpty();
  }

  @Test
  void workerThatLeavesDoesNotTakeTheModelAlong() throws Exception {
    announcer("w2").ready(1024);
    announcer.loading();
    announcer.ready(1024);
    announcer.withdraw();

    assertThat(catalog().find("winds/breeze")).isPresent();
  }

  @Test
  void announcementThatIsRefusedDoesNotStopTheWorker() throws Exception {
    producer.sendException = new TopicAuthorizationException("no right to write");

    announcer.ready(1024);

    assertThat(producer.history()).isEmpty();
  }

  @Test
  void valueIsTheWiresJson() throws Exception {
    announcer.ready(1024);

    assertThat(new String(producer.history().get(0).value(), UTF_8))
        .startsWith("{\"name\":\"breeze\",\"aliases\":[\"winds/breeze\"]")
        .endsWith("\"default\":true,\"worker\":\"w1\",\"updated_at\":77}");
  }
}
