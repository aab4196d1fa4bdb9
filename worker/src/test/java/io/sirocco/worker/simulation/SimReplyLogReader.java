package io.sirocco.worker.simulation;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.worker.reply.LogReading;
import io.sirocco.worker.reply.ReplyLog;
import io.sirocco.worker.reply.ReplyLogReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads reply logs for one process: some time after it was asked, and sometimes not at all.
 *
 * <p>Confined to the thread of the simulation.
 */
final class SimReplyLogReader implements ReplyLogReader {
  private static final int ONE_IN = 25;
  private static final int LONGEST_MILLIS = 4;
  private static final int PATIENCE_MILLIS = 50;

  private final Simulation simulation;
  private final SimProcess process;
  private final SimBroker broker;
  private final FaultPlan faults;
  private final Set<PlantedBug> bugs;
  private final Misreading misreading;
  private final Map<String, Long> firstEnds = new HashMap<>();

  SimReplyLogReader(
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
    this.misreading = new Misreading(bugs);
  }

  @Override
  public CompletionStage<LogReading> read(ReplyLog log, long through) {
    CompletableFuture<LogReading> reading = new CompletableFuture<>();
    if (faults.strikes(Fault.CALL_FAILS, ONE_IN)) {
      process.in(
          PATIENCE_MILLIS,
          () -> reading.completeExceptionally(new TimeoutException("log not read")));
    } else {
      process.in(simulation.between(0, LONGEST_MILLIS), () -> answer(log, through, reading));
    }
    return reading;
  }

  private void answer(ReplyLog log, long through, CompletableFuture<LogReading> reading) {
    SimLog found =
        broker.find(new TopicPartition(log.address().topic(), log.address().partition()));
    LogReading read = found == null
        ? new LogReading.Gone("no topic " + log.address().topic())
        : fold(log, found, through);
    process.in(simulation.between(0, LONGEST_MILLIS), () -> reading.complete(read));
  }

  private LogReading fold(ReplyLog log, SimLog found, long through) {
    ReplyCheckpoint checkpoint = new ReplyCheckpoint(log.requestId(), new JsonCodec());
    List<SimLog.Entry> entries = found.from(log.begin().orElse(0));
    boolean admits = misreading.isFirst(log.requestId(), through) && !hasEnd(entries);
    try {
      for (SimLog.Entry entry : entries) {
        ReplyRecord reply = Asked.decode(entry);
        if (reply != null && !isOverlooked(log, through, entry)) {
          accept(misreading.of(reply, checkpoint, admits), checkpoint);
        }
      }
    } catch (MalformedJsonException e) {
      return new LogReading.Unreadable("a record that nobody can read");
    }
    if (through < 0) {
      firstEnds.put(log.requestId(), found.end());
    }
    return new LogReading.Found(checkpoint);
  }

  private static boolean hasEnd(List<SimLog.Entry> entries) {
    return entries.stream()
        .map(Asked::decode)
        .anyMatch(reply -> reply != null && reply.event().isTerminal());
  }

  private static void accept(List<ReplyRecord> replies, ReplyCheckpoint checkpoint)
      throws MalformedJsonException {
    for (ReplyRecord reply : replies) {
      checkpoint.accept(reply);
    }
  }

  /** What others wrote between the first reading and the own start. */
  private boolean isOverlooked(ReplyLog log, long through, SimLog.Entry entry) {
    return bugs.contains(PlantedBug.NO_READ_BACK)
        && entry.offset() >= firstEnds.getOrDefault(log.requestId(), 0L)
        && entry.offset() < through;
  }
}
