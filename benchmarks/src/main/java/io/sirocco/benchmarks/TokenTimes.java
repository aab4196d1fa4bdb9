package io.sirocco.benchmarks;

import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.sampling.SampledToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * When the tokens of one answer were generated.
 *
 * <p>Confined to the engine thread.
 */
final class TokenTimes implements GenerationListener {
  private final List<Long> nanos = new ArrayList<>();
  private boolean finished;

  /** The times of all tokens so far, in nanoseconds. */
  List<Long> nanos() {
    return nanos;
  }

  boolean isFinished() {
    return finished;
  }

  @Override
  public void admitted(int cachedTokens) {}

  @Override
  public boolean generated(SampledToken token) {
    nanos.add(System.nanoTime());
    return true;
  }

  @Override
  public void finished(GenerationEnd end) {
    finished = true;
  }

  @Override
  public void failed(String message) {
    throw new IllegalStateException(
        String.format(Locale.ROOT, "expected an answer, found: %s", message));
  }
}
