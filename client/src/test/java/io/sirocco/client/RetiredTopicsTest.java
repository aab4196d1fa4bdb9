package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RetiredTopicsTest {
  private static final String REQUESTS = "chat.requests.echo";
  private static final Duration DELAY = Duration.ofMinutes(1);
  private static final Instant END = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant MUCH_LATER = END.plus(DELAY.multipliedBy(10));
  private static final ReplyAddress TOPIC = ReplyAddress.singleUse("chat.replies.test.1");

  private final RetiredTopics retired = new RetiredTopics(DELAY);

  private static Commits committed(int partition, long offset) {
    return new Commits(Set.of(REQUESTS), Map.of(new TopicPartition(REQUESTS, partition), offset));
  }

  private static Delivery.Sent sent(int partition, long offset) {
    return new Delivery.Sent(new TopicPartition(REQUESTS, partition), offset);
  }

  @Test
  void closedRequestsTopicGoesWhenTheDelayHasPassed() {
    retired.add(TOPIC, sent(2, 40), END);

    assertThat(retired.takeDeletable(END.plus(DELAY).minusMillis(1), committed(2, 41)))
        .isEmpty();
    assertThat(retired.takeDeletable(END.plus(DELAY), committed(2, 41))).containsExactly(TOPIC);
    assertThat(retired.size()).isZero();
  }

  @Test
  void openRequestsTopicStaysHoweverLongItTakes() {
    retired.add(TOPIC, sent(2, 40), END);

    assertThat(retired.takeDeletable(MUCH_LATER, committed(2, 40))).isEmpty();
    assertThat(retired.takeDeletable(MUCH_LATER, committed(1, 99))).isEmpty();
    assertThat(retired.takeDeletable(MUCH_LATER, new Commits(Set.of(REQUESTS), Map.of())))
        .isEmpty();
    assertThat(retired.size()).isEqualTo(1);
  }

  @Test
  void clientThatMayNotLookWaitsTenTimesAsLong() {
    retired.add(TOPIC, sent(2, 40), END);

    assertThat(retired.takeDeletable(MUCH_LATER.minusMillis(1), Commits.NONE)).isEmpty();
    assertThat(retired.takeDeletable(MUCH_LATER, Commits.NONE)).containsExactly(TOPIC);
  }

  @Test
  void requestOfUnknownFateIsWaitedForTenTimesAsLong() {
    retired.add(TOPIC, new Delivery.Unknown(), END);

    assertThat(retired.takeDeletable(END.plus(DELAY), committed(2, 99))).isEmpty();
    assertThat(retired.takeDeletable(MUCH_LATER, committed(2, 99))).containsExactly(TOPIC);
  }

  @Test
  void unusedTopicGoesAtOnce() {
    retired.add(TOPIC, new Delivery.NotSent(), END);

    assertThat(retired.anyDue(END)).isTrue();
    assertThat(retired.takeDeletable(END, Commits.NONE)).containsExactly(TOPIC);
  }

  @Test
  void nothingIsDueBeforeTheDelayHasPassed() {
    retired.add(TOPIC, sent(2, 40), END);

    assertThat(retired.anyDue(END.plus(DELAY).minusMillis(1))).isFalse();
    assertThat(retired.anyDue(END.plus(DELAY))).isTrue();
  }

  @Test
  void whatIsClosedCanBeTakenWithoutDelayAndTheRestStays() {
    ReplyAddress open = ReplyAddress.singleUse("chat.replies.test.2");
    ReplyAddress unknown = ReplyAddress.singleUse("chat.replies.test.3");
    retired.add(TOPIC, sent(0, 40), END);
    retired.add(open, sent(0, 41), END);
    retired.add(unknown, new Delivery.Unknown(), END);

    assertThat(retired.takeClosed(committed(0, 41))).containsExactly(TOPIC);
    assertThat(retired.takeClosed(Commits.NONE)).isEmpty();
    assertThat(retired.size()).isEqualTo(2);
  }

  @Test
  void commitsOfOneRequestTopicSayNothingAboutAnother() {
    ReplyAddress other = ReplyAddress.singleUse("chat.replies.test.2");
    retired.add(TOPIC, sent(0, 40), END);
    retired.add(other, new Delivery.Sent(new TopicPartition("chat.requests.other", 0), 40), END);

    assertThat(retired.requestTopics()).containsExactlyInAnyOrder(REQUESTS, "chat.requests.other");
    assertThat(retired.takeDeletable(END.plus(DELAY), committed(0, 41))).containsExactly(TOPIC);
    assertThat(retired.takeClosed(committed(0, 41))).isEmpty();
    assertThat(retired.takeDeletable(MUCH_LATER, committed(0, 41))).containsExactly(other);
  }
}
