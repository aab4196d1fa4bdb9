package io.sirocco.client;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.request.ControlCommand;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.topic.Topics;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes to {@code chat.control} that requests are cancelled.
 *
 * <p>Thread-safe.
 */
record Cancels(
    Producer<byte[], byte[]> producer, JsonCodec codec, Executor callbacks, InstantSource clock) {

  /** Returns a future that completes when the record is written. */
  CompletableFuture<Void> cancel(RequestKey key) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    ProducerRecord<byte[], byte[]> kafkaRecord = new ProducerRecord<>(
        Topics.CONTROL,
        codec.writeBytes(key),
        codec.writeBytes(ControlCommand.cancel(clock.millis())));
    // Without brokers a send holds its thread up, and whoever cancels does not wait.
    callbacks.execute(() -> send(kafkaRecord, written, key));
    return written.thenApplyAsync(Function.identity(), callbacks);
  }

  private void send(
      ProducerRecord<byte[], byte[]> kafkaRecord, CompletableFuture<Void> written, RequestKey key) {
    try {
      var unused = producer.send(kafkaRecord, (place, fault) -> conclude(written, key, fault));
    } catch (RuntimeException e) {
      // The producer was closed meanwhile, or an interceptor failed.
      conclude(written, key, e);
    }
  }

  private static void conclude(
      CompletableFuture<Void> written, RequestKey key, @Nullable Exception fault) {
    if (fault == null) {
      written.complete(null);
    } else {
      written.completeExceptionally(new SubmitFailedException(
          "the cancel of request " + key.requestId() + " may not have been written to topic '"
              + Topics.CONTROL + "': " + fault.getMessage(),
          fault));
    }
  }
}
