package io.sirocco.embedded.doctor;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/**
 * What brokers answer, without the wrapping of futures.
 *
 * <p>Stateless; thread-safe.
 */
final class Answers {
  private Answers() {}

  /** Waits for an answer. */
  static <T> T get(KafkaFuture<T> asked) throws InterruptedException {
    try {
      return asked.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException fault ? fault : new KafkaException(e.getCause());
    }
  }

  /** Waits for an answer that need not come: who may not ask, or asks for what is not there, has none. */
  static <T> Optional<T> find(@Nullable KafkaFuture<T> asked) {
    if (asked == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(get(asked));
    } catch (KafkaException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
