package io.sirocco.worker.janitor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which topics nobody has written to for long. Kafka does not tell when a topic was made: of one
 * without records the time counts since it was first seen without.
 *
 * <p>Confined to the janitor's thread.
 */
final class AbandonedTopics {
  private final Duration age;
  private final Map<String, Instant> emptySince = new HashMap<>();

  AbandonedTopics(Duration age) {
    this.age = age;
  }

  /**
   * Returns those that are abandoned.
   *
   * @param newest the topics that there are, each with the time of its newest record, if it has one
   * @param untold those of which that cannot be said now: they are not abandoned, and their time goes on
   */
  List<String> among(Map<String, Optional<Instant>> newest, Set<String> untold, Instant now) {
    emptySince
        .keySet()
        .removeIf(topic -> !untold.contains(topic)
            && newest.getOrDefault(topic, Optional.of(now)).isPresent());
    Instant oldest = now.minus(age);
    List<String> abandoned = new ArrayList<>();
    newest.forEach((topic, written) -> {
      Instant last = written.orElseGet(() -> emptySince.computeIfAbsent(topic, unseen -> now));
      if (!last.isAfter(oldest)) {
        abandoned.add(topic);
      }
    });
    return abandoned;
  }
}
