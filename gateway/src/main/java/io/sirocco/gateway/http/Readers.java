package io.sirocco.gateway.http;

import io.sirocco.client.ReplyStream;
import io.sirocco.gateway.answer.AnswerForm;
import io.sirocco.gateway.auth.Places;
import io.sirocco.gateway.settings.GatewaySettings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Gives answers to those who wait for them.
 *
 * <p>Thread-safe.
 */
final class Readers {
  private static final long PROBE_NANOS = Duration.ofSeconds(1).toNanos();

  private final OpenAnswers open;
  private final GatewaySettings.Limits limits;
  private final Duration retention;

  /** @param retention how long answers are kept */
  Readers(OpenAnswers open, GatewaySettings.Limits limits, Duration retention) {
    this.open = open;
    this.limits = limits;
    this.retention = retention;
  }

  /**
   * Writes an answer as it is generated.
   *
   * @param from the sequence from which on it is read
   * @param cancels whether the request is cancelled when the reader goes away
   */
  void stream(
      Exchange exchange,
      ReplyStream stream,
      AnswerForm form,
      Places.Place place,
      long from,
      boolean cancels) {
    exchange.header("x-request-id", stream.requestId());
    exchange.waitPatiently();
    AtomicReference<@Nullable OpenAnswer> self = new AtomicReference<>();
    long heartbeat = cancels ? PROBE_NANOS : limits.heartbeat().toNanos();
    StreamedAnswer answer = new StreamedAnswer(
        exchange,
        form,
        new StreamedAnswer.Pace(heartbeat, limits.slowReader().toNanos()),
        going(stream, place, cancels, self),
        // What was asked for before tells nothing of how long an answer takes.
        stream.isAttached() ? () -> {} : exchange.measure()::firstToken,
        from == 0,
        "read on with GET /v1/chat/completions/" + CompletionIds.of(stream.requestId())
            + " and Last-Event-ID");
    self.set(answer);
    open.add(answer);
    stream.records().subscribe(answer);
  }

  /** Writes an answer when it is complete. */
  void whole(
      Exchange exchange, ReplyStream stream, AnswerForm form, Places.Place place, boolean cancels) {
    exchange.header("x-request-id", stream.requestId());
    exchange.waitPatiently();
    AtomicReference<@Nullable OpenAnswer> self = new AtomicReference<>();
    WholeAnswer answer = new WholeAnswer(
        exchange, form, going(stream, place, cancels, self), cancels ? PROBE_NANOS : null);
    self.set(answer);
    open.add(answer);
    answer.await(stream);
  }

  /** Writes an answer that was asked for before, or after a while that it is not complete yet. */
  void soon(Exchange exchange, ReplyStream stream, Places.Place place, Duration patience) {
    exchange.waitPatiently();
    exchange.header("x-request-id", stream.requestId());
    AtomicReference<@Nullable OpenAnswer> self = new AtomicReference<>();
    AwaitedAnswer answer = new AwaitedAnswer(exchange, stream.requestId(), () -> over(place, self));
    self.set(answer);
    open.add(answer);
    answer.await(stream, patience);
  }

  /**
   * Has an answer go on without a reader: one that was asked for here keeps a place until it ends, or
   * nobody keeps it any more.
   */
  void unread(ReplyStream stream, Places.Place place) {
    if (stream.isAttached()) {
      place.close();
      return;
    }
    place.leave();
    var unused = stream
        .completion()
        .completeOnTimeout(null, retention.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((whole, failure) -> place.close());
  }

  /**
   * Returns {@code place}, at whose end an answer that was asked for before is not read any more: who
   * comes again and again to one that does not end is not to have it read as often.
   */
  static Places.Place leaving(ReplyStream stream, Places.Place place) {
    if (!stream.isAttached()) {
      return place;
    }
    return new Places.Place() {
      @Override
      public void leave() {
        close();
      }

      @Override
      public void close() {
        place.close();
        stream.leave();
      }
    };
  }

  private Going going(
      ReplyStream stream,
      Places.Place place,
      boolean cancels,
      AtomicReference<@Nullable OpenAnswer> self) {
    return new Going(
        () -> {
          if (cancels) {
            var unused = stream.cancel();
          }
          forget(self);
          unread(stream, place);
        },
        () -> over(place, self));
  }

  private void over(Places.Place place, AtomicReference<@Nullable OpenAnswer> self) {
    forget(self);
    place.close();
  }

  private void forget(AtomicReference<@Nullable OpenAnswer> self) {
    OpenAnswer answer = self.get();
    if (answer != null) {
      open.remove(answer);
    }
  }
}
