package io.sirocco.worker.streams;

import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the answers to requests live, of all workers.
 *
 * <p>Implementations are thread-safe.
 */
public interface StreamDirectory {
  /** Knows of nothing, and keeps nothing. */
  StreamDirectory EMPTY = new StreamDirectory() {
    @Override
    public CompletionStage<Void> caughtUp() {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public Optional<StreamLocation> find(RequestKey key) {
      return Optional.empty();
    }

    @Override
    public List<StreamLocation> under(String requestId, TopicPartition log) {
      return List.of();
    }

    @Override
    public CompletionStage<Void> write(RequestKey key, StreamLocation location) {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> remove(RequestKey key) {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<OptionalLong> offsetSince(TopicPartition partition, long millis) {
      return CompletableFuture.completedStage(OptionalLong.empty());
    }
  };

  /** Completes when all is known that was written before this is called. */
  CompletionStage<Void> caughtUp();

  /** Returns where the answer to a request lives, as far as that is known here. */
  Optional<StreamLocation> find(RequestKey key);

  /** Returns where the answers under an id live that are on one partition, whoever asked, as far as that is
   * known here. */
  List<StreamLocation> under(String requestId, TopicPartition log);

  /**
   * Writes down where an answer lives; known here at once.
   *
   * @return completes when that is acknowledged, or cannot be written at all, and never exceptionally
   */
  CompletionStage<Void> write(RequestKey key, StreamLocation location);

  /** Takes back what was written, as {@link #write} does. */
  CompletionStage<Void> remove(RequestKey key);

  /**
   * Returns where an answer begins whose requester does not say it: the first offset of {@code
   * partition} since then, or its end; nothing when that cannot be known.
   *
   * @param millis milliseconds since the epoch
   */
  CompletionStage<OptionalLong> offsetSince(TopicPartition partition, long millis);
}
