package io.sirocco.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KnownStreamsTest {
  private static final TopicPartition LOG = new TopicPartition("chat.replies.a", 0);

  private final KnownStreams known = new KnownStreams(2);

  @Test
  void whatWasWrittenFirstIsForgottenFirst() {
    put("a", 0);
    put("b", 0);
    put("a", 1);
    put("c", 0);

    assertThat(known.find(RequestKey.of("u", "b"))).isEmpty();
    assertThat(known.find(RequestKey.of("u", "a")))
        .get()
        .extracting(StreamLocation::replyOffset)
        .isEqualTo(1L);
    assertThat(known.find(RequestKey.of("u", "c"))).isPresent();
  }

  @Test
  void anotherUsersIdIsNotFound() {
    put("a", 0);

    assertThat(known.find(RequestKey.of("v", "a"))).isEmpty();
  }

  @Test
  void placesUnderAnIdOnAPartitionAreThoseOfAllUsersUntilTheyAreForgotten() {
    put("u", "a", 0);
    put("v", "a", 1);
    put("v", "a", 2);
    assertThat(known.under("a", LOG))
        .extracting(StreamLocation::replyOffset)
        .containsExactly(0L, 2L);

    put("w", "b", 3); // One too many.
    assertThat(known.under("a", LOG)).extracting(StreamLocation::replyOffset).containsExactly(2L);

    assertThat(known.under("a", new TopicPartition(LOG.topic(), 1))).isEmpty();

    known.remove(RequestKey.of("v", "a"));
    known.remove(RequestKey.of("v", "a"));
    assertThat(known.under("a", LOG)).isEmpty();
    assertThat(known.under("b", LOG)).hasSize(1);
  }

  private void put(String id, long offset) {
    put("u", id, offset);
  }

  private void put(String user, String id, long offset) {
    known.put(
        RequestKey.of(user, id),
        new StreamLocation(
            LOG.topic(), LOG.partition(), offset, "sha256:", "chat.requests.a", 0, 0, 0));
  }
}
