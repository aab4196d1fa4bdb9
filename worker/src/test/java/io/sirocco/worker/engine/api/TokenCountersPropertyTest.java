package io.sirocco.worker.engine.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random users, prompts and answers through a batch of some places: the bounds that the paper proves.
 *
 * <p>Source: Sheng et al. 2024, "Fairness in Serving Large Language Models", OSDI, lemma 4.3 and
 * theorem 4.4.
 */
class TokenCountersPropertyTest {
  private static final int PLACES = 4;
  private static final int LONGEST_PROMPT = 60;
  private static final int LONGEST_ANSWER = 40;
  private static final int USERS = 5;

  /** U of the paper: the weight of the longest prompt, or of all tokens that a batch has room for. */
  private static final long BOUND = Math.max(
      TokenCounters.INPUT_WEIGHT * LONGEST_PROMPT,
      TokenCounters.OUTPUT_WEIGHT * PLACES * (LONGEST_PROMPT + LONGEST_ANSWER));

  private static final class Running {
    private final GenerationRequest request;
    private int left;

    Running(GenerationRequest request, int left) {
      this.request = request;
      this.left = left;
    }
  }

  private final WaitingRequests waiting = new WaitingRequests();
  private final List<Running> batch = new ArrayList<>();
  private final Map<String, Long> served = new HashMap<>();
  private final Map<String, Integer> inLine = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void countersOfThoseWhoWaitStayWithinTheBound(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < 20_000; step++) {
      if (random.nextInt(12) == 0) {
        arrive("user" + random.nextInt(USERS), random);
      }
      serve(random);
      long most = inLine.keySet().stream().mapToLong(waiting::counterOf).max().orElse(0);
      long least = inLine.keySet().stream().mapToLong(waiting::counterOf).min().orElse(0);
      assertThat(most - least).as("seed %d, step %d", seed, step).isLessThanOrEqualTo(BOUND);
    }
  }

  /** However much shorter one user's requests are, and however many another has. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whoAlwaysWaitsIsServedAsMuchAsAnyOther(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < 20_000; step++) {
      while (inLine.getOrDefault("user0", 0) < 100) {
        arrive("user0", random);
      }
      while (inLine.getOrDefault("user1", 0) <= PLACES) {
        arrive("user1", random);
      }
      serve(random);
      assertThat(Math.abs(served.getOrDefault("user0", 0L) - served.getOrDefault("user1", 0L)))
          .as("seed %d, step %d", seed, step)
          .isLessThanOrEqualTo(2 * BOUND);
    }
  }

  private void arrive(String user, Random random) {
    waiting.add(WaitingRequestsTest.request(
        user, 0, user, 1 + random.nextInt(user.equals("user0") ? LONGEST_PROMPT : 9), 0));
    inLine.merge(user, 1, Integer::sum);
  }

  private void serve(Random random) {
    while (batch.size() < PLACES && waiting.size() > 0) {
      GenerationRequest request = waiting.take();
      String user = request.line().user();
      inLine.computeIfPresent(user, (name, count) -> count == 1 ? null : count - 1);
      served.merge(user, TokenCounters.INPUT_WEIGHT * request.promptIds().length, Long::sum);
      batch.add(new Running(request, 1 + random.nextInt(LONGEST_ANSWER)));
    }
    for (Running running : batch) {
      waiting.generated(running.request);
      served.merge(running.request.line().user(), TokenCounters.OUTPUT_WEIGHT, Long::sum);
      running.left--;
    }
    batch.removeIf(running -> running.left == 0);
  }
}
