package io.sirocco.embedded.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.EngineLimits;
import io.sirocco.worker.engine.EngineLoop;
import io.sirocco.worker.engine.EngineThread;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.sampling.SamplingParameters;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeadEngineTest {
  @Test
  void nativeMemoryThatRunsOutEndsTheProcessWithANonZeroCode() throws Exception {
    RoleRunner runner = new RoleRunner(onStop -> {}, code -> {});

    assertThat(runner.run(new EngineRole())).isNotZero();
  }

  /** Nothing but an engine, with a request that is the end of it. */
  private static final class EngineRole implements Role {
    @Override
    public String name() {
      return "engine";
    }

    @Override
    public RunningRole start(Consumer<Throwable> onFatal) {
      EngineInbox inbox = new EngineInbox(1);
      CausalModel model = new DyingModel();
      EngineLoop loop =
          new EngineLoop(inbox, model, EngineLimits.of(1), new SimpleMeterRegistry(), Tags.empty());
      EngineThread engine = EngineThread.start(loop, inbox, model, onFatal);
      inbox.offer(new GenerationRequest(
          "last", new int[] {1}, 1, Set.of(), SamplingParameters.GREEDY, new Silence()));
      return new RunningRole() {
        @Override
        public Duration drainLimit() {
          return Duration.ofMinutes(1);
        }

        @Override
        public void drain() {
          engine.close();
        }

        @Override
        public void abort() {
          engine.close();
        }
      };
    }
  }

  private static final class DyingModel implements CausalModel {
    @Override
    public ModelShape shape() {
      return new ModelShape(8, 64, 64, 64);
    }

    @Override
    public LogitsBatch forward(ForwardInput input) {
      throw new OutOfMemoryError("planted");
    }

    @Override
    public void clear(Extent place) {}

    @Override
    public void copy(Extent from, Extent to, int tokens) {}

    @Override
    public void close() {}
  }

  private static final class Silence implements GenerationListener {
    @Override
    public void admitted(int cachedTokens) {}

    @Override
    public boolean generated(SampledToken token) {
      return true;
    }

    @Override
    public void finished(GenerationEnd end) {}

    @Override
    public void failed(String message) {}
  }
}
