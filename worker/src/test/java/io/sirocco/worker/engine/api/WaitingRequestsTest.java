package io.sirocco.worker.engine.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WaitingRequestsTest {
  private final WaitingRequests waiting = new WaitingRequests();

  @Test
  void theMostUrgentGoesFirstWheneverItCame() {
    add("later", 1, "a");
    add("plain", 0, "a");
    add("urgent", -5, "a");

    assertThat(take(3)).containsExactly("urgent", "plain", "later");
  }

  @Test
  void theUserWhoHasHadTheLeastGoesFirst() {
    for (int i = 0; i < 3; i++) {
      add("flood" + i, 0, "flood");
    }
    assertThat(take(1)).containsExactly("flood0");
    add("late", 0, "other");
    assertThat(take(1)).containsExactly("flood1"); // Lifted to it, and so the first that came.

    assertThat(take(2)).containsExactly("late", "flood2");
  }

  @Test
  void generatedTokensCountTwice() {
    add("a0", 0, "a", 10);
    GenerationRequest first = waiting.take();
    waiting.generated(first);

    assertThat(waiting.counterOf("a")).isEqualTo(12);
  }

  @Test
  void choicesOfOnePromptAreChargedWithItOnce() {
    waiting.add(request("first", 0, "a", 10, 0));
    waiting.add(request("second", 0, "a", 10, 1));
    take(2);

    assertThat(waiting.counterOf("a")).isEqualTo(10);
  }

  @Test
  void whoComesBackIsLiftedToTheLeastOfThoseWhoWait() {
    add("a0", 0, "a", 100);
    add("a1", 0, "a", 100);
    waiting.take();
    add("b0", 0, "b", 1);

    assertThat(waiting.counterOf("b")).isEqualTo(100);
  }

  @Test
  void whoComesWhenNobodyWaitsIsLiftedToTheLastWhoDid() {
    add("a0", 0, "a", 100);
    waiting.take();
    add("b0", 0, "b", 1);

    assertThat(waiting.counterOf("b")).isEqualTo(100);
  }

  @Test
  void whatWaitedLongestIsNotPassedOverForEver() {
    add("patient", 5, "a");
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      add("urgent" + i, 0, "b");
      taken.addAll(take(1));
    }

    assertThat(taken.subList(0, 7)).doesNotContain("patient");
    assertThat(taken.get(7)).isEqualTo("patient");
  }

  @Test
  void onlyAUserWhoHasNothingRunningMayGoBefore() {
    WaitingLine running = new WaitingLine(0, "flood", "q");
    add("more", 0, "flood");
    assertThat(waiting.takeBefore(running, Set.of("flood"))).isNull();

    add("first", 0, "other");
    assertThat(waiting.takeBefore(running, Set.of("flood", "other"))).isNull();
    GenerationRequest next = waiting.takeBefore(running, Set.of("flood"));
    assertThat(next).isNotNull().extracting(GenerationRequest::id).isEqualTo("first");
  }

  @Test
  void whatIsLessUrgentNeverGoesBefore() {
    add("flex", 1, "other");

    assertThat(waiting.takeBefore(new WaitingLine(0, "flood", "q"), Set.of())).isNull();
  }

  private List<String> take(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(waiting.take().id());
    }
    return ids;
  }

  private void add(String id, int priority, String user) {
    add(id, priority, user, 1);
  }

  private void add(String id, int priority, String user, int promptTokens) {
    waiting.add(request(id, priority, user, promptTokens, 0));
  }

  static GenerationRequest request(
      String id, int priority, String user, int promptTokens, int choice) {
    return new GenerationRequest(
        id,
        new int[promptTokens],
        new int[0],
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
        choice,
        new WaitingLine(priority, user, "q"),
        PrefixReuse.UNSALTED);
  }
}
