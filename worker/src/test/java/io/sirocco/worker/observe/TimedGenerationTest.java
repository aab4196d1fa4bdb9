package io.sirocco.worker.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.sampling.SampledToken;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimedGenerationTest {
  private static final SampledToken TOKEN = new SampledToken(7, null);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final GenerationTimers timers =
      new GenerationTimers(registry, Tags.empty(), Tags.empty());
  private final List<String> heard = new ArrayList<>();
  private long nowMillis = 1_000;

  private final GenerationListener listener = new GenerationListener() {
    @Override
    public void admitted(int cachedTokens) {
      heard.add("admitted " + cachedTokens);
    }

    @Override
    public boolean generated(SampledToken token) {
      heard.add("generated " + token.tokenId());
      return false;
    }

    @Override
    public void finished(GenerationEnd end) {
      heard.add("finished " + end);
    }

    @Override
    public void failed(String message) {
      heard.add("failed " + message);
    }
  };

  @Test
  void everythingIsHandedOn() {
    TimedGeneration timed = requestedAt(0, 0);
    timed.admitted(3);
    boolean goesOn = timed.generated(TOKEN);
    timed.finished(GenerationEnd.LISTENER);
    timed.failed("fault");

    assertThat(goesOn).isFalse();
    assertThat(heard)
        .containsExactly("admitted 3", "generated 7", "finished LISTENER", "failed fault");
  }

  @Test
  void timesGoFromTheRequestToTheLastToken() {
    generate(requestedAt(400, 0));

    assertThat(millis("sirocco.request.queue.time")).isEqualTo(600);
    assertThat(millis("sirocco.request.prefill.time")).isEqualTo(100);
    assertThat(millis("sirocco.time.to.first.token")).isEqualTo(700);
    assertThat(millis("gen_ai.server.time_to_first_token")).isEqualTo(700);
    assertThat(millis("sirocco.request.decode.time")).isEqualTo(30);
    assertThat(millis("sirocco.request.inference.time")).isEqualTo(130);
    assertThat(count("sirocco.inter.token.latency")).isEqualTo(2);
    assertThat(millis("sirocco.inter.token.latency")).isEqualTo(30);
    assertThat(millis("gen_ai.server.time_per_output_token")).isEqualTo(15);
  }

  @Test
  void whatWasTakenOverHasNoFirstTokenAndCountsWhatItWasSpared() {
    generate(requestedAt(400, 12));

    assertThat(count("sirocco.time.to.first.token")).isZero();
    assertThat(count("sirocco.request.queue.time")).isZero();
    assertThat(registry.get("sirocco.resumed.tokens").counter().count()).isEqualTo(12);
    assertThat(count("sirocco.request.decode.time")).isOne();
  }

  /** Admitted at once, the first token after 100 ms, then one after 10 ms and one after 20 ms. */
  private void generate(TimedGeneration timed) {
    timed.admitted(0);
    nowMillis += 100;
    timed.generated(TOKEN);
    nowMillis += 10;
    timed.generated(TOKEN);
    nowMillis += 20;
    timed.generated(TOKEN);
    timed.finished(GenerationEnd.LENGTH);
  }

  private TimedGeneration requestedAt(long millis, int resumedTokens) {
    return new TimedGeneration(
        listener,
        timers,
        () -> TimeUnit.MILLISECONDS.toNanos(nowMillis),
        TimeUnit.MILLISECONDS.toNanos(millis),
        resumedTokens);
  }

  private double millis(String name) {
    return registry.get(name).timer().totalTime(TimeUnit.MILLISECONDS);
  }

  private long count(String name) {
    return registry.get(name).timer().count();
  }
}
