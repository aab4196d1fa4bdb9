package io.sirocco.worker.simulation;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.offsets.CommitMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The transactional producer of one process for one partition, with the states of Kafka's own: after a
 * commit of unknown outcome, nothing but the same commit again.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimProducer {
  private static final long TIMEOUT_MILLIS = 100;

  private enum State {
    NEW,
    READY,
    OPEN,
    FAILED,
    UNKNOWN
  }

  private final String id;
  private final Simulation simulation;
  private final SimProcess process;
  private final SimBroker broker;
  private final Network network;
  private final List<ProducerRecord<String, byte[]>> unsent = new ArrayList<>();
  private State state = State.NEW;
  private final Set<PlantedBug> bugs;
  private SimTransactions.@Nullable Session session;
  private boolean empty = true;
  private int ended;

  SimProducer(
      String id,
      Simulation simulation,
      SimProcess process,
      SimBroker broker,
      Network network,
      Set<PlantedBug> bugs) {
    this.id = id;
    this.simulation = simulation;
    this.process = process;
    this.broker = broker;
    this.network = network;
    this.bugs = bugs;
  }

  void init() {
    ended = 0;
    String name = bugs.contains(PlantedBug.NO_FENCE) ? id + process.name() : id;
    session = network.call(process, "init of " + id, () -> broker.transactions().init(name));
    state = State.READY;
    simulation.note("%s has %s", process.name(), session());
  }

  void begin() {
    require(state == State.READY);
    state = State.OPEN;
    empty = true;
  }

  void send(ProducerRecord<String, byte[]> record) {
    require(state == State.OPEN);
    empty = false;
    PlantedBug outside = record.topic().equals(Topics.USAGE)
        ? PlantedBug.BILL_OUTSIDE
        : PlantedBug.DEAD_LETTER_OUTSIDE;
    if (bugs.contains(outside)) {
      broker.append(record, null);
    } else {
      unsent.add(record);
    }
  }

  void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata member) {
    require(state == State.OPEN);
    if (empty && bugs.contains(PlantedBug.NO_PROOF)) {
      return;
    }
    flush();
    Supplier<SimTransaction> transaction = transaction();
    state = State.FAILED;
    network.callGroup(process, "offsets of " + id, TIMEOUT_MILLIS, () -> {
      broker.commitIn(
          transaction.get(),
          member,
          bugs.contains(PlantedBug.HIGHEST_OFFSET) ? highest(offsets) : offsets);
      return true;
    });
    state = State.OPEN;
  }

  private static Map<TopicPartition, OffsetAndMetadata> highest(
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, OffsetAndMetadata> highest = new HashMap<>();
    offsets.forEach((partition, offset) -> highest.put(
        partition,
        CommitMetadata.read(offset.offset(), offset.metadata())
            .map(progress -> new OffsetAndMetadata(progress.horizon(), ""))
            .orElse(offset)));
    return highest;
  }

  private void flush() {
    Supplier<SimTransaction> transaction = transaction();
    List<ProducerRecord<String, byte[]>> records = List.copyOf(unsent);
    unsent.clear();
    state = State.FAILED;
    for (ProducerRecord<String, byte[]> record : records) {
      network.call(process, "record of " + id, () -> broker.append(record, transaction.get()));
    }
    state = State.OPEN;
  }

  void commit() {
    require(state == State.OPEN || state == State.UNKNOWN);
    if (state == State.OPEN) {
      flush();
    }
    state = State.UNKNOWN;
    if (empty && bugs.contains(PlantedBug.NO_PROOF)) {
      state = State.READY;
      return;
    }
    try {
      end(true);
    } catch (TimeoutException e) {
      if (bugs.contains(PlantedBug.NEW_TRANSACTION_AFTER_UNKNOWN)) {
        init();
        throw new KafkaException("taken for aborted", e);
      }
      throw e;
    }
  }

  void abort() {
    if (state == State.READY) {
      return; // As after a commit that is taken for aborted.
    }
    require(state == State.OPEN || state == State.FAILED);
    unsent.clear();
    end(false);
  }

  private void end(boolean commit) {
    SimTransactions.Session mine = session();
    int number = ended;
    network.call(process, (commit ? "commit of " : "abort of ") + id, () -> {
      broker.transactions().end(mine, number, commit);
      return true;
    });
    ended++;
    state = State.READY;
    if (commit) {
      network.afterCommit(process);
    }
  }

  private Supplier<SimTransaction> transaction() {
    SimTransactions.Session mine = session();
    int number = ended;
    return () -> broker.transactions().open(mine, number, simulation.nowMillis());
  }

  private SimTransactions.Session session() {
    if (session == null) {
      throw new IllegalStateException("expected init first");
    }
    return session;
  }

  private void require(boolean condition) {
    if (!condition) {
      throw new IllegalStateException("not to be called in state " + state);
    }
  }
}
