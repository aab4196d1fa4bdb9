package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.contracts.model.ModelCatalog;
import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The reading on Kafka's own test consumer, step by step. */
class ModelReaderTest {
  private static final TopicPartition MODELS = new TopicPartition(Topics.MODELS, 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final ModelReader reader = new ModelReader(consumer, new JsonCodec());
  private long end;

  private void createTopic() {
    Node node = new Node(0, "127.0.0.1", 9092);
    Node[] nodes = {node};
    consumer.updatePartitions(
        Topics.MODELS, List.of(new PartitionInfo(Topics.MODELS, 0, node, nodes, nodes)));
    consumer.updateBeginningOffsets(Map.of(MODELS, 0L));
    consumer.updateEndOffsets(Map.of(MODELS, end));
  }

  /** Moves the end of the topic at once; the record comes with the next poll. */
  private void announce(String key, byte @Nullable [] value) {
    long offset = end++;
    consumer.updateEndOffsets(Map.of(MODELS, end));
    consumer.schedulePollTask(() -> consumer.addRecord(
        new ConsumerRecord<>(Topics.MODELS, 0, offset, key.getBytes(UTF_8), value)));
  }

  private void announce(ModelAnnouncement announcement) {
    announce(announcement.key(), Announcements.value(announcement));
  }

  private void step() {
    reader.step(Duration.ZERO);
  }

  @Test
  void lookIsAnsweredWhenTheEndIsReachedThatTheTopicHadThen() {
    createTopic();
    announce(Announcements.ready("breeze"));
    announce(Announcements.ready("gale"));
    CompletableFuture<ModelCatalog> look = reader.look();

    step();
    assertThat(look).isNotDone();
    step();
    assertThat(look).isCompletedWithValueMatching(catalog -> catalog.models().size() == 2);
  }

  @Test
  void topicThatDoesNotExistHoldsNoModelUntilItIsThere() {
    consumer.updatePartitions(Topics.MODELS, List.of());
    CompletableFuture<ModelCatalog> early = reader.look();
    step();
    assertThat(early).isCompletedWithValueMatching(catalog -> catalog.models().isEmpty());
    assertThat(reader.isIdle()).isTrue();

    createTopic();
    announce(Announcements.ready("breeze"));
    CompletableFuture<ModelCatalog> late = reader.look();
    step();
    assertThat(late).isCompletedWithValueMatching(catalog -> catalog.models().size() == 1);
  }

  @Test
  void laterRecordsAreTakenUpWithoutBeingAsked() {
    createTopic();
    CompletableFuture<ModelCatalog> look = reader.look();
    step();
    assertThat(look).isDone();

    announce(Announcements.ready("breeze"));
    step();
    assertThat(reader.catalog().models()).hasSize(1);
    announce("breeze", null);
    step();
    assertThat(reader.catalog().models()).isEmpty();
  }

  @Test
  void recordThatCannotBeReadHidesNoOtherModel() {
    createTopic();
    announce(Announcements.ready("breeze"));
    announce("gale", "{\"name\":".getBytes(UTF_8));
    announce("gust", Announcements.value(Announcements.ready("breeze")));
    announce(Announcements.ready("storm"));
    CompletableFuture<ModelCatalog> look = reader.look();
    for (int i = 0; i < 4; i++) {
      step();
    }

    assertThat(look.join().models())
        .extracting(ModelAnnouncement::name)
        .containsExactly("breeze", "storm");
  }

  @Test
  void lookThatIsInterruptedByAFaultIsAnsweredLater() {
    createTopic();
    announce(Announcements.ready("breeze"));
    CompletableFuture<ModelCatalog> look = reader.look();
    consumer.setOffsetsException(new DisconnectException("the broker is away"));

    assertThatThrownBy(this::step).isInstanceOf(DisconnectException.class);
    assertThat(look).isNotDone();
    assertThat(reader.isIdle()).isFalse();
    step();

    assertThat(look).isDone();
  }

  @Test
  void closedReaderFailsWhoWaits() {
    createTopic();
    announce(Announcements.ready("breeze"));
    announce(Announcements.ready("gale"));
    CompletableFuture<ModelCatalog> begun = reader.look();
    step();
    CompletableFuture<ModelCatalog> asked = reader.look();

    reader.close();

    assertThat(begun).isCompletedExceptionally();
    assertThat(asked).isCompletedExceptionally();
  }
}
