package io.sirocco.testkit;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Asserts that nothing is left on a broker that somebody made and nobody will use.
 *
 * <p>Immutable.
 */
public final class LeakCheck {
  private LeakCheck() {}

  /**
   * Asserts that no reply topic is left.
   *
   * @param within how long the deletions may take that are under way
   */
  public static void assertNoReplyTopics(KafkaBroker broker, Duration within) {
    try (TestTopics topics = new TestTopics(broker)) {
      try {
        Awaitility.await().atMost(within).until(() -> replyTopics(topics).isEmpty());
      } catch (ConditionTimeoutException e) {
        throw new AssertionError(
            "expected no reply topic to be left within " + within + ", found "
                + replyTopics(topics),
            e);
      }
    }
  }

  private static List<String> replyTopics(TestTopics topics) {
    return topics.names().stream()
        .filter(name -> name.startsWith(Topics.REPLIES_PREFIX))
        .toList();
  }
}
