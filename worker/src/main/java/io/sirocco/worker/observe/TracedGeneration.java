package io.sirocco.worker.observe;

import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.sampling.SampledToken;

/**
 * Hands on what becomes of one choice, and notes when it begins and ends.
 *
 * <p>Confined to the engine thread.
 */
final class TracedGeneration implements GenerationListener {
  private final GenerationListener listener;
  private final Timeline timeline;
  private boolean begun;

  TracedGeneration(GenerationListener listener, Timeline timeline) {
    this.listener = listener;
    this.timeline = timeline;
  }

  @Override
  public void admitted(int cachedTokens) {
    timeline.admitted();
    listener.admitted(cachedTokens);
  }

  @Override
  public boolean generated(SampledToken token) {
    if (!begun) {
      begun = true;
      timeline.firstToken();
    }
    return listener.generated(token);
  }

  @Override
  public void finished(GenerationEnd end) {
    timeline.lastToken();
    listener.finished(end);
  }

  @Override
  public void failed(String message) {
    listener.failed(message);
  }
}
