package io.sirocco.worker.simulation;

import static io.sirocco.worker.simulation.PlantedBug.ACKNOWLEDGED_AND_LOST;
import static io.sirocco.worker.simulation.PlantedBug.EARLY_CLOSE;
import static io.sirocco.worker.simulation.PlantedBug.EARLY_TERMINAL;
import static io.sirocco.worker.simulation.PlantedBug.IDS_WITHOUT_TEXT_LEFT_OUT;
import static io.sirocco.worker.simulation.PlantedBug.NO_RELEASE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.worker.reply.ReplyLog;
import io.sirocco.worker.reply.ReplyWriter;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes reply records as a process with bugs does.
 *
 * <p>Confined to the thread of the simulation.
 */
final class BuggyReplyWriter implements ReplyWriter {
  private static final int ONE_IN = 40;
  private static final long SOMEWHERE = -1;

  private final ReplyWriter writer;
  private final Set<PlantedBug> bugs;
  private final Simulation simulation;

  BuggyReplyWriter(ReplyWriter writer, Set<PlantedBug> bugs, Simulation simulation) {
    this.writer = writer;
    this.bugs = bugs;
    this.simulation = simulation;
  }

  @Override
  public CompletionStage<Void> awaitWritable(ReplyLog log) {
    return writer.awaitWritable(log);
  }

  @Override
  public boolean hasRoom() {
    return writer.hasRoom();
  }

  @Override
  public CompletionStage<Long> send(ProducerRecord<String, byte[]> reply) {
    ReplyRecord read = Objects.requireNonNull(Asked.decode(reply));
    return switch (read.event()) {
      case DELTA -> sendDelta(reply, read.tokenIds());
      case END, ERROR -> acknowledged(writer.send(reply), EARLY_CLOSE);
      case RELEASE ->
        bugs.contains(NO_RELEASE)
            ? CompletableFuture.completedFuture(SOMEWHERE)
            : writer.send(reply);
      case START, PROGRESS -> writer.send(reply);
    };
  }

  private CompletionStage<Long> sendDelta(
      ProducerRecord<String, byte[]> delta, List<Integer> tokenIds) {
    if (bugs.contains(ACKNOWLEDGED_AND_LOST) && simulation.between(1, ONE_IN) == 1) {
      simulation.note("a delta to %s is acknowledged and lost", delta.topic());
      return CompletableFuture.completedFuture(SOMEWHERE);
    }
    if (bugs.contains(IDS_WITHOUT_TEXT_LEFT_OUT) && tokenIds.size() > 1) {
      String last = tokenIds.get(tokenIds.size() - 1).toString();
      delta.headers().remove(Headers.TOKEN_IDS).add(Headers.TOKEN_IDS, last.getBytes(UTF_8));
    }
    return acknowledged(writer.send(delta), EARLY_TERMINAL);
  }

  private CompletionStage<Long> acknowledged(CompletionStage<Long> sent, PlantedBug atOnce) {
    return bugs.contains(atOnce) ? CompletableFuture.completedFuture(SOMEWHERE) : sent;
  }
}
