package io.sirocco.worker.simulation;

import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.worker.reply.ReplyLog;
import io.sirocco.worker.reply.ReplyWriter;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The idempotent producer of one process: records of a partition arrive in order, those of a process
 * that died as well, or late, or never; one that failed may have arrived, or may still do so.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimReplyWriter implements ReplyWriter {
  private static final int ONE_IN = 40;
  private static final int LONGEST_MILLIS = 3;
  private static final int LATEST_MILLIS = 300;
  private static final int DELIVERY_TIMEOUT_MILLIS = 60;

  private record Flight(
      ProducerRecord<String, byte[]> record, CompletableFuture<Long> acknowledged) {}

  private final Simulation simulation;
  private final SimProcess process;
  private final SimBroker broker;
  private final FaultPlan faults;
  private final Set<PlantedBug> bugs;
  private final Map<TopicPartition, Queue<Flight>> flights = new HashMap<>();
  private final Set<TopicPartition> failed = new HashSet<>();

  SimReplyWriter(
      Simulation simulation,
      SimProcess process,
      SimBroker broker,
      FaultPlan faults,
      Set<PlantedBug> bugs) {
    this.simulation = simulation;
    this.process = process;
    this.broker = broker;
    this.faults = faults;
    this.bugs = bugs;
  }

  @Override
  public CompletionStage<Void> awaitWritable(ReplyLog log) {
    CompletableFuture<Void> writable = new CompletableFuture<>();
    process.in(delay(), () -> {
      try {
        broker.log(new TopicPartition(log.address().topic(), log.address().partition()));
        writable.complete(null);
      } catch (ApiException e) {
        writable.completeExceptionally(e);
      }
    });
    return writable;
  }

  private int delay() {
    return simulation.between(0, LONGEST_MILLIS);
  }

  @Override
  public CompletionStage<Long> send(ProducerRecord<String, byte[]> reply) {
    CompletableFuture<Long> acknowledged = new CompletableFuture<>();
    if (!process.isAlive()) {
      return acknowledged;
    }
    TopicPartition partition = broker.partitionOf(reply);
    // A log that fails twice in a row is given up, as it should be.
    if (!failed.contains(partition) && fails(reply)) {
      failed.add(partition);
      fail(reply, acknowledged);
      return acknowledged;
    }
    Queue<Flight> queue = flights.computeIfAbsent(partition, first -> new ArrayDeque<>());
    queue.add(new Flight(reply, acknowledged));
    if (queue.size() == 1) {
      simulation.in(delay(), () -> arrive(queue));
    }
    return acknowledged;
  }

  private boolean fails(ProducerRecord<String, byte[]> reply) {
    return faults.strikes(Fault.SEND_FAILS, ONE_IN)
        || (isStart(reply) && faults.strikes(Fault.START_FAILS, 2));
  }

  private static boolean isStart(ProducerRecord<String, byte[]> reply) {
    ReplyRecord decoded = Asked.decode(reply);
    return decoded != null && decoded.event() == ReplyEvent.START;
  }

  private void fail(ProducerRecord<String, byte[]> reply, CompletableFuture<Long> acknowledged) {
    int arrival = simulation.between(0, 2);
    simulation.note(
        "%s: a reply record to %s fails, %s",
        process.name(), reply.topic(), arrival == 0 ? "not sent" : "but arrives");
    if (bugs.contains(PlantedBug.RESEND)) {
      process.in(DELIVERY_TIMEOUT_MILLIS, () -> land(new Flight(reply, acknowledged)));
    } else {
      process.in(
          DELIVERY_TIMEOUT_MILLIS,
          () -> acknowledged.completeExceptionally(new TimeoutException("no acknowledgement")));
    }
    if (arrival > 0) {
      int latest = arrival == 1 ? LONGEST_MILLIS : LATEST_MILLIS;
      simulation.in(simulation.between(0, latest), () -> {
        if (broker.find(broker.partitionOf(reply)) != null) {
          broker.append(reply, null);
        }
      });
    }
  }

  private void arrive(Queue<Flight> queue) {
    boolean idle = !process.isAlive() || process.isFrozen();
    int dice = idle ? simulation.between(0, 3) : 3;
    if (dice == 0 && !process.isAlive()) {
      queue.clear();
    } else if (dice == 1) {
      simulation.in(simulation.between(1, LATEST_MILLIS), () -> arrive(queue));
      return;
    } else {
      land(queue.remove());
    }
    if (!queue.isEmpty()) {
      simulation.in(delay(), () -> arrive(queue));
    }
  }

  private void land(Flight flight) {
    boolean tellsOffset = !faults.strikes(Fault.NO_OFFSET, ONE_IN);
    try {
      long offset = broker.append(flight.record, null);
      long told = bugs.contains(PlantedBug.BLIND_START) ? 0 : tellsOffset ? offset : -1;
      process.in(delay(), () -> flight.acknowledged.complete(told));
    } catch (ApiException e) {
      process.in(delay(), () -> flight.acknowledged.completeExceptionally(e));
    }
  }
}
