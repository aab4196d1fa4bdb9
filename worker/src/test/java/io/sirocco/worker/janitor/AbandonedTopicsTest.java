package io.sirocco.worker.janitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AbandonedTopicsTest {
  private static final Duration AGE = Duration.ofHours(24);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Map<String, Optional<Instant>> EMPTY = Map.of("t", Optional.empty());

  private final AbandonedTopics abandoned = new AbandonedTopics(AGE);

  @Test
  void topicIsAbandonedWhenItsNewestRecordIsOld() {
    Map<String, Optional<Instant>> written = Map.of("t", Optional.of(START));

    assertThat(among(written, START.plus(AGE).minusMillis(1))).isEmpty();
    assertThat(among(written, START.plus(AGE))).containsExactly("t");
  }

  @Test
  void topicWithoutRecordsIsAbandonedWhenItWasSeenSoForLong() {
    assertThat(among(EMPTY, START)).isEmpty();
    assertThat(among(EMPTY, START.plus(AGE).minusMillis(1))).isEmpty();
    assertThat(among(EMPTY, START.plus(AGE))).containsExactly("t");
  }

  @Test
  void recordInBetweenStartsTheTimeAnew() {
    among(EMPTY, START);
    among(Map.of("t", Optional.of(START.plusSeconds(1))), START.plusSeconds(1));

    assertThat(among(EMPTY, START.plus(AGE))).isEmpty();
  }

  @Test
  void topicThatWasGoneInBetweenIsAnother() {
    among(EMPTY, START);
    among(Map.of(), START.plusSeconds(1));

    assertThat(among(EMPTY, START.plus(AGE))).isEmpty();
  }

  @Test
  void topicOfWhichNothingIsKnownIsNotAbandonedAndItsTimeGoesOn() {
    among(EMPTY, START);
    assertThat(abandoned.among(Map.of(), Set.of("t"), START.plus(AGE))).isEmpty();

    assertThat(among(EMPTY, START.plus(AGE))).containsExactly("t");
  }

  private List<String> among(Map<String, Optional<Instant>> newest, Instant now) {
    return abandoned.among(newest, Set.of(), now);
  }
}
