package io.sirocco.embedded.doctor;

import io.sirocco.contracts.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a topic should be.
 *
 * <p>Source: docs/wire.md, Topics, and what workers and the usage application make where it is missing.
 *
 * <p>Immutable.
 *
 * @param name of the topic
 * @param cleanup what is done with old records
 * @param required whether something does not work without it
 * @param maker who makes it where that is allowed
 * @param partitions how many it has for good; empty: as many as workers want
 */
record ExpectedTopic(
    String name, Cleanup cleanup, boolean required, String maker, Optional<Integer> partitions) {

  /** What is done with old records. */
  enum Cleanup {
    /** Deleted some time after they were of use. */
    EXPIRES("delete"),
    /** Kept, all of them: bills are made of them. */
    KEPT("delete"),
    /** The last one of each key is kept. */
    COMPACTED("compact"),
    /** The last one of each key is kept, and not for ever. */
    COMPACTED_AND_EXPIRES("compact,delete");

    private final String policy;

    Cleanup(String policy) {
      this.policy = policy;
    }

    /** As {@code cleanup.policy} says it. */
    String policy() {
      return policy;
    }
  }

  private static final String WORKER = "the first worker";
  private static final String STREAMS = "the usage application";

  /** What is expected of a cluster that has {@code requests} as request topics. */
  static List<ExpectedTopic> all(List<String> requests) {
    List<ExpectedTopic> topics = new ArrayList<>();
    for (String topic : requests) {
      topics.add(of(topic, Cleanup.EXPIRES, true, WORKER));
      topics.add(of(Topics.deadLetters(topic), Cleanup.EXPIRES, true, WORKER));
    }
    topics.add(of(Topics.SHARED_REPLIES, Cleanup.EXPIRES, false, "nobody but 'up'"));
    topics.add(of(Topics.MODELS, Cleanup.COMPACTED, true, WORKER).with(1));
    topics.add(of(Topics.CONTROL, Cleanup.COMPACTED_AND_EXPIRES, true, WORKER).with(1));
    topics.add(of(Topics.STREAMS, Cleanup.COMPACTED_AND_EXPIRES, true, WORKER));
    topics.add(of(Topics.USAGE, Cleanup.KEPT, true, WORKER));
    topics.add(of(Topics.deadLetters(Topics.USAGE), Cleanup.KEPT, true, STREAMS));
    topics.add(of(Topics.RECEIPTS, Cleanup.KEPT, true, STREAMS));
    topics.add(of(Topics.CORRECTIONS, Cleanup.KEPT, true, STREAMS));
    topics.add(of(Topics.USAGE_BY_USER, Cleanup.COMPACTED, true, STREAMS));
    topics.add(of(Topics.PRICES, Cleanup.COMPACTED, true, STREAMS).with(1));
    return topics;
  }

  private static ExpectedTopic of(String name, Cleanup cleanup, boolean required, String maker) {
    return new ExpectedTopic(name, cleanup, required, maker, Optional.empty());
  }

  private ExpectedTopic with(int count) {
    return new ExpectedTopic(name, cleanup, required, maker, Optional.of(count));
  }
}
