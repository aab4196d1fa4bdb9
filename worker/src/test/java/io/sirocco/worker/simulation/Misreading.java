package io.sirocco.worker.simulation;

import static io.sirocco.worker.simulation.PlantedBug.ANOTHER_SEED;
import static io.sirocco.worker.simulation.PlantedBug.END_OVERLOOKED;
import static io.sirocco.worker.simulation.PlantedBug.FOLD_OF_ANY_WRITER;
import static io.sirocco.worker.simulation.PlantedBug.NOT_COUNTED;
import static io.sirocco.worker.simulation.PlantedBug.NO_QUARANTINE;

import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a process with bugs makes of the records that it reads in reply logs.
 *
 * <p>Confined to the thread of the simulation.
 */
final class Misreading {
  private final Set<PlantedBug> bugs;
  private final Set<String> read = new HashSet<>();

  Misreading(Set<PlantedBug> bugs) {
    this.bugs = bugs;
  }

  /**
   * Whether this reading is the one before a request is admitted: the first one of each log.
   *
   * @param through as of the reading
   */
  boolean isFirst(String requestId, long through) {
    return through < 0 && read.add(requestId);
  }

  /**
   * What is taken for the record {@code reply}, behind what was read before.
   *
   * @param admits whether it is read to admit the request
   */
  List<ReplyRecord> of(ReplyRecord reply, ReplyCheckpoint before, boolean admits) {
    if (reply.event().isTerminal() && bugs.contains(END_OVERLOOKED)) {
      return List.of();
    }
    if (reply.event().isSequenced() && bugs.contains(FOLD_OF_ANY_WRITER)) {
      return List.of(asOfCurrent(reply, before.fold().currentStart()));
    }
    if (reply.event() != ReplyEvent.START) {
      return List.of(reply);
    }
    if (bugs.contains(ANOTHER_SEED)) {
      Long seed = reply.seed();
      return List.of(start(reply, reply.attempt(), seed == null ? 1 : seed + 1));
    }
    boolean forgiven = bugs.contains(NOT_COUNTED) || (admits && bugs.contains(NO_QUARANTINE));
    return forgiven ? List.of(reply, release(reply)) : List.of(reply);
  }

  private static ReplyRecord asOfCurrent(ReplyRecord reply, @Nullable ReplyRecord current) {
    return current == null
        ? reply
        : new ReplyRecord(
            reply.offset(),
            reply.timestampMillis(),
            reply.requestId(),
            reply.event(),
            current.writer(),
            current.attempt(),
            reply.sequence(),
            reply.choice(),
            reply.tokenIds(),
            reply.seed(),
            reply.body());
  }

  private static ReplyRecord start(ReplyRecord start, int attempt, @Nullable Long seed) {
    return like(start, ReplyEvent.START, attempt, seed);
  }

  private static ReplyRecord release(ReplyRecord start) {
    return like(start, ReplyEvent.RELEASE, start.attempt(), null);
  }

  private static ReplyRecord like(
      ReplyRecord start, ReplyEvent event, int attempt, @Nullable Long seed) {
    return new ReplyRecord(
        start.offset(),
        start.timestampMillis(),
        start.requestId(),
        event,
        start.writer(),
        attempt,
        null,
        0,
        List.of(),
        seed,
        start.body());
  }
}
