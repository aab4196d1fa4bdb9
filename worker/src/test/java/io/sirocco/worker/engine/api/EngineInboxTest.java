package io.sirocco.worker.engine.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EngineInboxTest {
  private final EngineInbox inbox = new EngineInbox(3);

  @Test
  void queuesTakeTurns() {
    for (int i = 0; i < 3; i++) {
      inbox.offer(request("flood"));
    }
    inbox.offer(request("b"));
    inbox.offer(request("c"));
    inbox.offer(request("b"));

    assertThat(drain(2)).containsExactly("flood", "b");
    assertThat(drain(9)).containsExactly("c", "flood", "b", "flood");
  }

  @Test
  void aQueueThatIsFullDoesNotKeepOthersOut() {
    for (int i = 0; i < 3; i++) {
      assertThat(inbox.offer(request("flood"))).isTrue();
    }

    assertThat(inbox.offer(request("flood"))).isFalse();
    assertThat(inbox.offer(request("b"))).isTrue();
    assertThat(inbox.size()).isEqualTo(4);
  }

  @Test
  void whatIsCancelledIsKnownToHaveWaitedOrToBeTakenOut() {
    GenerationRequest taken = request("a");
    GenerationRequest waiting = request("a");
    inbox.offer(taken);
    inbox.offer(waiting);
    assertThat(drain(1)).hasSize(1);

    assertThat(inbox.cancel(taken)).isFalse();
    assertThat(inbox.cancel(waiting)).isTrue();
  }

  @Test
  void choicesEnterTogetherOrNotAtAll() {
    inbox.offer(request("a"));

    assertThat(inbox.offer(List.of(request("a"), request("a"), request("a")))).isFalse();
    assertThat(inbox.size()).isEqualTo(1);
    assertThat(inbox.offer(List.of(request("a"), request("a")))).isTrue();
    assertThat(inbox.size()).isEqualTo(3);
  }

  @Test
  void moreChoicesThanAQueueHoldsEnterAnEmptyOne() {
    assertThat(inbox.offer(Collections.nCopies(5, request("a")))).isTrue();
    assertThat(inbox.offer(request("a"))).isFalse();
    assertThat(inbox.offer(request("b"))).isTrue();
  }

  @Test
  void aRequestThatIsCancelledInTimeIsNeverTakenOut() {
    GenerationRequest request = request("b");
    inbox.offer(request);
    inbox.offer(request("c"));

    inbox.cancel(request);

    assertThat(drain(9)).containsExactly("c");
    List<GenerationRequest> cancelled = new ArrayList<>();
    inbox.drainCancelledTo(cancelled);
    assertThat(cancelled).isEmpty();
  }

  @Test
  void aRequestThatIsCancelledLaterIsTold() {
    GenerationRequest request = request("b");
    inbox.offer(request);
    drain(1);

    inbox.cancel(request);

    List<GenerationRequest> cancelled = new ArrayList<>();
    inbox.drainCancelledTo(cancelled);
    assertThat(cancelled).containsExactly(request);
  }

  private List<String> drain(int count) {
    List<GenerationRequest> drained = new ArrayList<>();
    inbox.drainTo(drained, count);
    return drained.stream().map(GenerationRequest::queue).toList();
  }

  private static GenerationRequest request(String queue) {
    return new GenerationRequest(
        "test",
        new int[] {1},
        1,
        Set.of(),
        SamplingParameters.GREEDY,
        new GenerationListener() {
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
        },
        0,
        queue,
        PrefixReuse.UNSALTED);
  }
}
