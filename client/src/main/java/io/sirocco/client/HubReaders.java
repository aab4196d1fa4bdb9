package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.topic.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Which answers are read from which partition: many of a shared one, and one answer by several
 * readers.
 *
 * <p>Thread-safe.
 */
final class HubReaders {
  private record Place(TopicPartition partition, String requestId) {}

  private final Map<Place, List<OpenAnswer>> answers = new ConcurrentHashMap<>();

  void add(TopicPartition partition, OpenAnswer answer) {
    answers.merge(place(partition, answer), List.of(answer), HubReaders::joined);
  }

  void remove(TopicPartition partition, OpenAnswer answer) {
    answers.computeIfPresent(place(partition, answer), (place, readers) -> {
      List<OpenAnswer> left =
          readers.stream().filter(reader -> reader != answer).toList();
      return left.isEmpty() ? null : left;
    });
  }

  /** The readers of the answer that a record belongs to. */
  List<OpenAnswer> of(TopicPartition partition, ConsumerRecord<byte[], byte[]> kafkaRecord) {
    Header requestId = kafkaRecord.headers().lastHeader(Headers.REQUEST_ID);
    return requestId == null || requestId.value() == null
        ? List.of()
        : answers.getOrDefault(
            new Place(partition, new String(requestId.value(), UTF_8)), List.of());
  }

  /** All readers of a partition. */
  List<OpenAnswer> all(TopicPartition partition) {
    List<OpenAnswer> all = new ArrayList<>();
    answers.forEach((place, readers) -> {
      if (place.partition().equals(partition)) {
        all.addAll(readers);
      }
    });
    return all;
  }

  private static Place place(TopicPartition partition, OpenAnswer answer) {
    return new Place(partition, answer.requestId());
  }

  private static List<OpenAnswer> joined(List<OpenAnswer> some, List<OpenAnswer> more) {
    List<OpenAnswer> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }
}
