package io.sirocco.worker.observe;

import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.sampling.SampledToken;
import java.util.function.LongSupplier;

/**
 * Hands on what becomes of one choice, and looks at the clock.
 *
 * <p>Confined to the engine thread.
 */
final class TimedGeneration implements GenerationListener {
  private final GenerationListener listener;
  private final GenerationTimers timers;
  private final LongSupplier nanoTime;
  private final long requestedNanos;
  private final int resumedTokens;
  private long admittedNanos;
  private long firstNanos;
  private long lastNanos;
  private int tokens;

  /**
   * @param nanoTime a clock like {@link System#nanoTime}
   * @param requestedNanos when the request was made, by that clock
   * @param resumedTokens how many tokens were there before; then what came first is not seen here
   */
  TimedGeneration(
      GenerationListener listener,
      GenerationTimers timers,
      LongSupplier nanoTime,
      long requestedNanos,
      int resumedTokens) {
    this.listener = listener;
    this.timers = timers;
    this.nanoTime = nanoTime;
    this.requestedNanos = requestedNanos;
    this.resumedTokens = resumedTokens;
  }

  @Override
  public void admitted(int cachedTokens) {
    admittedNanos = nanoTime.getAsLong();
    if (resumedTokens == 0) {
      timers.queued(admittedNanos - requestedNanos);
    } else {
      timers.resumed(resumedTokens);
    }
    listener.admitted(cachedTokens);
  }

  @Override
  public boolean generated(SampledToken token) {
    long now = nanoTime.getAsLong();
    if (tokens++ > 0) {
      timers.nextToken(now - lastNanos);
    } else {
      firstNanos = now;
      timers.prefilled(now - admittedNanos);
      if (resumedTokens == 0) {
        timers.firstToken(now - requestedNanos);
      }
    }
    lastNanos = now;
    return listener.generated(token);
  }

  @Override
  public void finished(GenerationEnd end) {
    if (tokens > 0) {
      timers.decoded(lastNanos - firstNanos, lastNanos - admittedNanos, tokens);
    }
    listener.finished(end);
  }

  @Override
  public void failed(String message) {
    listener.failed(message);
  }
}
