package io.sirocco.embedded.doctor;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.sirocco.contracts.topic.Topics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.acl.AclOperation;

/**
 * A role, and what it must be allowed to do with topics that are there.
 *
 * <p>Source: docs/security.md, Rights, which tests hold this against. Rights to transactional ids cannot
 * be asked for.
 *
 * <p>Immutable.
 */
public enum CheckedRole {
  /** Answers requests. */
  WORKER,
  /** Counts usage. */
  STREAMS,
  /** Asks for others. */
  GATEWAY;

  /** What it must be allowed, by topic. */
  Map<String, Set<AclOperation>> rights(List<String> requests) {
    Map<String, Set<AclOperation>> rights = new TreeMap<>();
    switch (this) {
      case WORKER -> {
        requests.forEach(topic -> rights.put(topic, Set.of(READ, DESCRIBE)));
        requests.forEach(topic -> rights.put(Topics.deadLetters(topic), Set.of(WRITE, DESCRIBE)));
        rights.put(Topics.MODELS, Set.of(READ, WRITE, DESCRIBE, CREATE));
        rights.put(Topics.CONTROL, Set.of(READ, DESCRIBE, CREATE));
        rights.put(Topics.STREAMS, Set.of(READ, WRITE, DESCRIBE));
        rights.put(Topics.PRICES, Set.of(READ, DESCRIBE));
        rights.put(Topics.USAGE, Set.of(WRITE, DESCRIBE));
      }
      case STREAMS -> {
        rights.put(Topics.USAGE, Set.of(READ, DESCRIBE, CREATE));
        rights.put(Topics.deadLetters(Topics.USAGE), Set.of(READ, WRITE, DESCRIBE, CREATE));
        requests.forEach(topic -> rights.put(Topics.deadLetters(topic), Set.of(READ, DESCRIBE)));
        rights.put(Topics.RECEIPTS, Set.of(READ, DESCRIBE, CREATE));
        rights.put(Topics.CORRECTIONS, Set.of(READ, DESCRIBE, CREATE));
        rights.put(Topics.PRICES, Set.of(READ, DESCRIBE, CREATE));
        rights.put(Topics.USAGE_BY_USER, Set.of(WRITE, DESCRIBE, CREATE));
      }
      case GATEWAY -> {
        requests.forEach(topic -> rights.put(topic, Set.of(WRITE, DESCRIBE)));
        rights.put(Topics.MODELS, Set.of(READ, DESCRIBE));
        rights.put(Topics.STREAMS, Set.of(READ, WRITE, DESCRIBE));
        rights.put(Topics.CONTROL, Set.of(WRITE, DESCRIBE));
        rights.put(Topics.RECEIPTS, Set.of(WRITE, DESCRIBE));
      }
    }
    return rights;
  }
}
