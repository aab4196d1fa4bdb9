package io.sirocco.worker.engine.api;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What was computed for each user, in tokens that weigh what they cost: whoever has had the least goes
 * first. A user who comes back after an absence is lifted to the least of those who wait, so that
 * nobody saves up for later.
 *
 * <p>Between two users who both wait all the time, the counters differ by no more than the weight of
 * the longest prompt, or of the tokens that fit into one batch.
 *
 * <p>Not thread-safe: guarded by the lock of the inbox.
 *
 * <p>Source: Sheng et al. 2024, "Fairness in Serving Large Language Models", OSDI, algorithm 2 and
 * lemma 4.3 (virtual token counter).
 */
final class TokenCounters {
  /** What a token of a prompt weighs, in the evaluation of the paper. */
  static final long INPUT_WEIGHT = 1;

  /** What a token of an answer weighs, in the same. */
  static final long OUTPUT_WEIGHT = 2;

  /** From so many users on, those are forgotten that would be lifted anyway. */
  private static final int MOST_USERS = 1024;

  private final Map<String, Long> counters = new HashMap<>();
  private String lastToLeave = "";

  /** What {@code user} has had. */
  long of(String user) {
    return counters.getOrDefault(user, 0L);
  }

  /**
   * Lifts {@code user}, who comes to wait and did not until now.
   *
   * @param waiting those who waited before
   */
  void arrived(String user, Set<String> waiting) {
    // Of an engine in which nobody waits, the last who did stands for all.
    long floor = waiting.stream().mapToLong(this::of).min().orElseGet(() -> of(lastToLeave));
    if (counters.size() >= MOST_USERS) {
      counters
          .entrySet()
          .removeIf(each -> each.getValue() < floor && !waiting.contains(each.getKey()));
    }
    counters.put(user, Math.max(of(user), floor));
  }

  /** Notes that {@code user}, the last who waited, waits no more. */
  void lastLeft(String user) {
    lastToLeave = user;
  }

  /** Charges {@code user} with tokens of a prompt. */
  void input(String user, int tokens) {
    charge(user, INPUT_WEIGHT * tokens);
  }

  /** Charges {@code user} with tokens that were generated. */
  void output(String user, int tokens) {
    charge(user, OUTPUT_WEIGHT * tokens);
  }

  private void charge(String user, long weight) {
    counters.computeIfPresent(user, (name, counter) -> counter + weight);
  }
}
