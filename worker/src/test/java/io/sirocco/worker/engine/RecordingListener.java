package io.sirocco.worker.engine;

import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.sampling.SampledToken;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes what it hears. */
class RecordingListener implements GenerationListener {
  final List<Integer> tokens = new ArrayList<>();
  boolean admitted;
  int admissions;
  int cachedTokens;

  @Nullable
  GenerationEnd end;

  @Nullable
  String failure;

  @Override
  public void admitted(int cached) {
    admitted = true;
    admissions++;
    cachedTokens = cached;
  }

  @Override
  public boolean generated(SampledToken token) {
    tokens.add(token.tokenId());
    return true;
  }

  @Override
  public void finished(GenerationEnd reason) {
    end = reason;
  }

  @Override
  public void failed(String message) {
    failure = message;
  }

  boolean isDone() {
    return end != null || failure != null;
  }
}
