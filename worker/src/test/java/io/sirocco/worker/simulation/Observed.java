package io.sirocco.worker.simulation;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.worker.offsets.CommitMetadata;
import io.sirocco.worker.offsets.Progress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What ordinary readers see of a run from outside: answers, committed usage events and dead letters,
 * and how far the group has come.
 *
 * <p>Confined to the thread of the simulation.
 */
final class Observed {
  /** What one commit did. */
  record Step(TopicPartition partition, Progress before, Progress after) {}

  private final SimBroker broker;
  private final String deadLetterTopic;
  private final List<Asked> asked = new ArrayList<>();
  private final List<UsageEvent> bills = new ArrayList<>();
  private final List<SimLog.Entry> deadLetters = new ArrayList<>();
  private final Set<SimLog.Entry> seen = new HashSet<>();
  private final Map<TopicPartition, Progress> progress = new HashMap<>();
  private final JsonCodec codec = new JsonCodec();
  private @Nullable Step lastStep;

  Observed(SimBroker broker, String requestTopic) {
    this.broker = broker;
    this.deadLetterTopic = Topics.deadLetters(requestTopic);
    broker.offsets().onCommit(this::commit);
  }

  private void commit(TopicPartition partition, OffsetAndMetadata offset) {
    Progress before = progress(partition);
    Progress after = CommitMetadata.read(offset.offset(), offset.metadata())
        .orElseThrow(() -> new AssertionError("no text of ours: " + offset));
    progress.put(partition, after);
    lastStep = new Step(partition, before, after);
  }

  void add(Asked request) {
    asked.add(request);
  }

  /** Has everybody read on. */
  void readOn() {
    for (Asked request : asked) {
      SimLog log = broker.find(request.replies());
      if (log != null) {
        request.read(log);
      }
    }
    for (SimLog.Entry event : fresh(Topics.USAGE)) {
      try {
        bills.add(codec.read(event.record().value(), UsageEvent.class));
      } catch (MalformedJsonException e) {
        throw new AssertionError(e);
      }
    }
    deadLetters.addAll(fresh(deadLetterTopic));
  }

  private List<SimLog.Entry> fresh(String topic) {
    return broker.partitions(topic).stream()
        .flatMap(partition -> broker.log(partition).from(0).stream())
        .filter(entry -> entry.isCommitted() && seen.add(entry))
        .toList();
  }

  List<Asked> asked() {
    return asked;
  }

  /** The usage events that readers of committed records see. */
  List<UsageEvent> bills() {
    return bills;
  }

  /** The usage events of one request, of all its records. */
  List<UsageEvent> bills(Asked request) {
    return bills.stream()
        .filter(bill -> bill.requestId().equals(request.request().id()))
        .toList();
  }

  List<SimLog.Entry> deadLetters() {
    return deadLetters;
  }

  /** Whether a record of that request is among the dead letters. */
  boolean isDeadLetter(Asked request) {
    return deadLetters.stream()
        .anyMatch(letter -> request.request().id().equals(letter.record().key()));
  }

  /** What the group says is done of a partition. */
  Progress progress(TopicPartition partition) {
    return progress.getOrDefault(partition, Progress.at(0));
  }

  /** The last commit, or null before the first. */
  @Nullable
  Step lastStep() {
    return lastStep;
  }

  /** Whether all records of a request are done. */
  boolean isDone(Asked request) {
    Progress done = progress(request.requests());
    return !request.offsets().isEmpty() && request.offsets().stream().allMatch(done::isDone);
  }

  /** Whether an open transaction is left. */
  boolean hasOpenTransaction() {
    return broker.transactions().hasOpen();
  }
}
