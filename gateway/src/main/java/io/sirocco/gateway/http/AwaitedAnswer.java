package io.sirocco.gateway.http;

import io.sirocco.client.ReplyStream;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.gateway.answer.OpenAiAnswer;
import io.sirocco.gateway.observe.Outcome;
import io.sirocco.gateway.refusal.Refusal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An answer that was asked for before and is waited for a moment: how far a log has been read, nobody
 * knows earlier. No thread waits.
 *
 * <p>Thread-safe.
 */
final class AwaitedAnswer implements OpenAnswer {
  /** For an answer that is complete and must be read first. */
  private static final long READING_MILLIS = 250;

  private final Exchange exchange;
  private final String requestId;
  private final Runnable whenOver;

  AwaitedAnswer(Exchange exchange, String requestId, Runnable whenOver) {
    this.exchange = exchange;
    this.requestId = requestId;
    this.whenOver = whenOver;
  }

  void await(ReplyStream answer, Duration patience) {
    var unused = answer
        .completion()
        .completeOnTimeout(null, patience.toMillis() + READING_MILLIS, TimeUnit.MILLISECONDS)
        .whenComplete(this::ended);
  }

  private void ended(@Nullable ChatCompletion whole, @Nullable Throwable failure) {
    whenOver.run();
    if (whole != null) {
      exchange.answer(200, new OpenAiAnswer(false).whole(whole));
    } else if (failure == null) {
      exchange.header("Retry-After", "1");
      exchange.measure().becomes(Outcome.PENDING);
      exchange.answer(202, ChatRoute.pending(requestId, "in_progress", null));
    } else {
      exchange.refuse(Refusal.ofFailure(failure));
    }
  }

  @Override
  public void tick(long nowNanos) {
    // It ends by itself before a reader could lose patience.
  }

  @Override
  public boolean isStream() {
    return false;
  }

  @Override
  public void end(Refusal why) {
    exchange.measure().becomes(Outcome.CLOSING);
    exchange.refuse(why);
    whenOver.run();
  }
}
