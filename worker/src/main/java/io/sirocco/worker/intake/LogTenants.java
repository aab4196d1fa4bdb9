package io.sirocco.worker.intake;

import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.worker.reply.LogReading;
import io.sirocco.worker.reply.ReplyLog;
import io.sirocco.worker.reply.ReplyLogReader;
import io.sirocco.worker.streams.StreamDirectory;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds out whether the log of a request holds another request's answer: on a partition that users share,
 * two may have chosen one id, and readers tell answers apart by the id alone. To write there as well would
 * spoil both, and what is read there is not to be billed to whoever came second.
 *
 * <p>Thread-safe.
 */
final class LogTenants {
  private final StreamDirectory directory;
  private final ReplyLogReader reader;

  /**
   * @param directory knows the answers under an id
   * @param reader looks whether they have ended
   */
  LogTenants(StreamDirectory directory, ReplyLogReader reader) {
    this.directory = directory;
    this.reader = reader;
  }

  /** The answers to other requests that have the id of {@code log} on its partition. */
  List<StreamLocation> of(InFlight record, ReplyLog log) {
    return directory.under(log.requestId(), partition(log)).stream()
        .filter(location -> !isOf(record, location))
        .toList();
  }

  private static TopicPartition partition(ReplyLog log) {
    return new TopicPartition(log.address().topic(), log.address().partition());
  }

  /** Whether {@code location} is what was written down of this very record. */
  static boolean isOf(InFlight record, StreamLocation location) {
    ConsumerRecord<String, byte[]> request = record.request();
    return location.requestTopic().equals(request.topic())
        && location.requestPartition() == request.partition()
        && location.requestOffset() == request.offset();
  }

  /**
   * Finds out whether one of {@code others} has records where {@code log} begins, or behind.
   *
   * @return completes on any thread, and never exceptionally
   */
  CompletionStage<Boolean> overlap(ReplyLog log, List<StreamLocation> others) {
    return begin(log).thenCompose(begin -> {
      CompletionStage<Boolean> any = CompletableFuture.completedStage(false);
      for (StreamLocation other : others) {
        any = any.thenCombine(reaches(other, log, begin), (one, more) -> one || more);
      }
      return any;
    });
  }

  /** Where a log begins; nothing when that cannot be known now. */
  CompletionStage<OptionalLong> begin(ReplyLog log) {
    if (log.begin().isPresent()) {
      return CompletableFuture.completedStage(log.begin());
    }
    return directory
        .offsetSince(partition(log), log.requestedMillis() - ReplyLog.CLOCKS_APART_MILLIS)
        .exceptionally(fault -> OptionalLong.empty());
  }

  private CompletionStage<Boolean> reaches(StreamLocation other, ReplyLog log, OptionalLong begin) {
    ReplyLog theirs = new ReplyLog(
        log.address(),
        log.requestId(),
        OptionalLong.of(other.replyOffset()),
        other.requestedMillis());
    return reader.read(theirs, -1).handle((reading, fault) -> {
      if (fault == null && !(reading instanceof LogReading.Found)) {
        return false; // Nobody can read it any more.
      }
      // Whatever cannot be read now may be there.
      ReplyRecord end =
          reading instanceof LogReading.Found found ? found.checkpoint().fold().terminal() : null;
      return end == null || begin.isEmpty() || end.offset() >= begin.getAsLong();
    });
  }
}
