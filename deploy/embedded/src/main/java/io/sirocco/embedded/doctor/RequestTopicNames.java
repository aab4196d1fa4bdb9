package io.sirocco.embedded.doctor;

import io.sirocco.contracts.topic.Topics;
import java.util.Collection;
import java.util.List;

/**
 * Which topics hold requests.
 *
 * <p>Stateless; thread-safe.
 */
final class RequestTopicNames {
  private RequestTopicNames() {}

  /** The request topics among {@code topics}, without those of dead letters. */
  static List<String> among(Collection<String> topics) {
    return topics.stream()
        .filter(name -> name.startsWith(Topics.REQUESTS_PREFIX))
        .filter(name -> !name.endsWith(Topics.DEAD_LETTER_SUFFIX))
        .sorted()
        .toList();
  }
}
