package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** What is remembered of a topic that holds more. */
class StreamFinderTest {
  private static final TopicPartition PARTITION = new TopicPartition(Topics.STREAMS, 0);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration RETENTION = Duration.ofSeconds(60);

  private final JsonCodec codec = new JsonCodec();
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private long end;

  private StreamFinder finder(int most) {
    consumer.updatePartitions(
        Topics.STREAMS,
        List.of(new PartitionInfo(Topics.STREAMS, 0, Node.noNode(), new Node[0], new Node[0])));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    return new StreamFinder(() -> consumer, codec, RETENTION, most);
  }

  private static RequestKey key(int number) {
    return RequestKey.of("ann", "r-" + number);
  }

  /** Places that were written one second after the other. */
  private void write(int from, int to) {
    for (int number = from; number <= to; number++) {
      StreamLocation place =
          new StreamLocation("chat.replies.x", 0, number, "f", "chat.requests.demo", 0, number, 0);
      byte[] value = codec.writeBytes(place);
      consumer.addRecord(new ConsumerRecord<>(
          Topics.STREAMS,
          0,
          end++,
          number * 1000L,
          TimestampType.CREATE_TIME,
          0,
          value.length,
          codec.writeBytes(key(number)),
          value,
          new RecordHeaders(),
          Optional.empty()));
    }
    consumer.updateEndOffsets(Map.of(PARTITION, end));
  }

  private long replyOffset(StreamFinder finder, int number) {
    return finder.find(key(number), PATIENCE).replyOffset();
  }

  @Test
  void oldestPlacesAreForgottenWhenThereAreTooMany() {
    StreamFinder finder = finder(3);
    consumer.schedulePollTask(() -> write(1, 5));
    consumer.updateEndOffsets(Map.of(PARTITION, 5L));

    assertThat(replyOffset(finder, 5)).isEqualTo(5);
    assertThat(replyOffset(finder, 3)).isEqualTo(3);
    assertThatThrownBy(() -> finder.find(key(2), PATIENCE))
        .isInstanceOf(ReplyNotFoundException.class);
  }

  @Test
  void placesOfAnswersThatAreGoneAreForgotten() {
    StreamFinder finder = finder(100);
    consumer.schedulePollTask(() -> write(1, 70));
    consumer.updateEndOffsets(Map.of(PARTITION, 70L));

    assertThat(replyOffset(finder, 10)).isEqualTo(10);
    assertThatThrownBy(() -> finder.find(key(9), PATIENCE))
        .isInstanceOf(ReplyNotFoundException.class);
  }
}
