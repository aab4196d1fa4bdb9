package io.sirocco.worker.engine;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many of the running sequences belong to each user.
 *
 * <p>Immutable.
 */
record Shares(List<Sequence> running, Map<String, Integer> ofUsers) {
  /** Counts {@code running}, which are in the order of their arrival. */
  static Shares of(List<Sequence> running) {
    Map<String, Integer> ofUsers = new HashMap<>();
    running.forEach(sequence -> ofUsers.merge(user(sequence), 1, Integer::sum));
    return new Shares(List.copyOf(running), Map.copyOf(ofUsers));
  }

  private static String user(Sequence sequence) {
    return sequence.request().line().user();
  }

  /** How many there are of the user of {@code sequence}. */
  int count(Sequence sequence) {
    return ofUsers.getOrDefault(user(sequence), 0);
  }

  /**
   * The one that came last of the user who has most, or null when nobody has more than one. It is never
   * the first that came of all, which therefore always goes on.
   */
  @Nullable
  Sequence lastOfTheMostServed() {
    return running.stream()
        .filter(sequence -> count(sequence) > 1)
        .max(Comparator.<Sequence>comparingInt(this::count).thenComparingLong(Sequence::arrival))
        .orElse(null);
  }

  /** Returns the sequences whose users have fewest first, and of these the first that came. */
  List<Sequence> leastServedFirst() {
    return running.stream().sorted(Comparator.comparingInt(this::count)).toList();
  }
}
