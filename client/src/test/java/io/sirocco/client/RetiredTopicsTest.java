package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetiredTopicsTest {
  private static final Duration DELAY = Duration.ofMinutes(1);
  private static final Instant END = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant MUCH_LATER = END.plus(DELAY.multipliedBy(10));
  private static final ReplyAddress TOPIC = ReplyAddress.singleUse("chat.replies.test.1");
  private static final Optional<Map<Integer, Long>> UNSEEN = Optional.empty();

  private final RetiredTopics retired = new RetiredTopics(DELAY);

  private static Optional<Map<Integer, Long>> committed(int partition, long offset) {
    return Optional.of(Map.of(partition, offset));
  }

  @Test
  void closedRequestsTopicGoesWhenTheDelayHasPassed() {
    retired.add(TOPIC, new Delivery.Sent(2, 40), END);

    assertThat(retired.takeDeletable(END.plus(DELAY).minusMillis(1), committed(2, 41)))
        .isEmpty();
    assertThat(retired.takeDeletable(END.plus(DELAY), committed(2, 41))).containsExactly(TOPIC);
    assertThat(retired.size()).isZero();
  }

  @Test
  void openRequestsTopicStaysHoweverLongItTakes() {
    retired.add(TOPIC, new Delivery.Sent(2, 40), END);

    assertThat(retired.takeDeletable(MUCH_LATER, committed(2, 40))).isEmpty();
    assertThat(retired.takeDeletable(MUCH_LATER, committed(1, 99))).isEmpty();
    assertThat(retired.takeDeletable(MUCH_LATER, Optional.of(Map.of()))).isEmpty();
    assertThat(retired.size()).isEqualTo(1);
  }

  @Test
  void clientThatMayNotLookWaitsTenTimesAsLong() {
    retired.add(TOPIC, new Delivery.Sent(2, 40), END);

    assertThat(retired.takeDeletable(MUCH_LATER.minusMillis(1), UNSEEN)).isEmpty();
    assertThat(retired.takeDeletable(MUCH_LATER, UNSEEN)).containsExactly(TOPIC);
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
    assertThat(retired.takeDeletable(END, UNSEEN)).containsExactly(TOPIC);
  }

  @Test
  void nothingIsDueBeforeTheDelayHasPassed() {
    retired.add(TOPIC, new Delivery.Sent(2, 40), END);

    assertThat(retired.anyDue(END.plus(DELAY).minusMillis(1))).isFalse();
    assertThat(retired.anyDue(END.plus(DELAY))).isTrue();
  }

  @Test
  void whatIsClosedCanBeTakenWithoutDelayAndTheRestStays() {
    ReplyAddress open = ReplyAddress.singleUse("chat.replies.test.2");
    ReplyAddress unknown = ReplyAddress.singleUse("chat.replies.test.3");
    retired.add(TOPIC, new Delivery.Sent(0, 40), END);
    retired.add(open, new Delivery.Sent(0, 41), END);
    retired.add(unknown, new Delivery.Unknown(), END);

    assertThat(retired.takeClosed(committed(0, 41))).containsExactly(TOPIC);
    assertThat(retired.takeClosed(UNSEEN)).isEmpty();
    assertThat(retired.size()).isEqualTo(2);
  }

  @Test
  void failedDeletionIsTriedAgain() {
    retired.putBack(List.of(TOPIC));

    assertThat(retired.takeDeletable(END, UNSEEN)).containsExactly(TOPIC);
  }
}
