package io.sirocco.worker.engine.api;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait to be taken in by the engine, and which of them is next:
 *
 * <ol>
 *   <li>the most urgent; but when {@value #MOST_PASSED_OVER} in a row were taken before a less urgent
 *       one that had come first of all, the next is one of its priority, so that nobody starves;
 *   <li>of these, one of the user who has had the least, see {@link TokenCounters};
 *   <li>of these, queues take turns;
 *   <li>in a queue, the first that came.
 * </ol>
 *
 * <p>Not thread-safe: guarded by the lock of the inbox.
 */
final class WaitingRequests {
  private static final int MOST_PASSED_OVER = 7;

  private record Waiting(GenerationRequest request, long arrival) {}

  private final TokenCounters counters = new TokenCounters();
  /** None of them empty; of a user's, the one whose turn it is comes first. */
  private final Map<WaitingLine, Deque<Waiting>> lines = new LinkedHashMap<>();

  private final Map<String, Integer> waitingOfUser = new HashMap<>();
  private long arrivals;
  private int size;
  private int passedOver;

  /** How many wait. */
  int size() {
    return size;
  }

  /** How many wait in {@code line}. */
  int sizeOf(WaitingLine line) {
    Deque<Waiting> waiting = lines.get(line);
    return waiting == null ? 0 : waiting.size();
  }

  /** Takes a request up, as the last of its line. */
  void add(GenerationRequest request) {
    WaitingLine line = request.line();
    if (!waitingOfUser.containsKey(line.user())) {
      counters.arrived(line.user(), waitingOfUser.keySet());
    }
    waitingOfUser.merge(line.user(), 1, Integer::sum);
    lines.computeIfAbsent(line, absent -> new ArrayDeque<>()).add(new Waiting(request, arrivals++));
    size++;
  }

  /** Takes {@code request} out of its turn; false when it does not wait. */
  boolean remove(GenerationRequest request) {
    Deque<Waiting> waiting = lines.get(request.line());
    if (waiting == null || !waiting.removeIf(each -> each.request() == request)) {
      return false;
    }
    left(request.line(), waiting);
    return true;
  }

  /** Takes out the request that is next; there is one. */
  GenerationRequest take() {
    int priority = nextPriority();
    WaitingLine line = least(each -> each.priority() == priority);
    if (line == null) {
      throw new IllegalStateException("expected requests that wait, found none");
    }
    return takeFrom(line);
  }

  /**
   * Takes out the next request of a user who is none of {@code served}, if it is not less urgent than
   * {@code line}; null if there is none.
   */
  @Nullable
  GenerationRequest takeBefore(WaitingLine line, Set<String> served) {
    WaitingLine next =
        least(each -> !served.contains(each.user()) && each.priority() <= line.priority());
    return next == null ? null : takeFrom(next);
  }

  /** Charges the user of {@code request} with a token that was generated. */
  void generated(GenerationRequest request) {
    counters.output(request.line().user(), 1);
  }

  /** What {@code user} has had, in weighted tokens. */
  long counterOf(String user) {
    return counters.of(user);
  }

  private int nextPriority() {
    int mostUrgent =
        lines.keySet().stream().mapToInt(WaitingLine::priority).min().orElse(0);
    int ofFirst = byArrival().findFirst().map(WaitingLine::priority).orElse(mostUrgent);
    passedOver = ofFirst == mostUrgent ? 0 : passedOver + 1;
    if (passedOver <= MOST_PASSED_OVER) {
      return mostUrgent;
    }
    passedOver = 0;
    return ofFirst;
  }

  private Stream<WaitingLine> byArrival() {
    return lines.entrySet().stream()
        .sorted(Comparator.comparingLong(line -> line.getValue().element().arrival()))
        .map(Map.Entry::getKey);
  }

  /** Of equals the most urgent, and of these the one whose turn it is. */
  private @Nullable WaitingLine least(Predicate<WaitingLine> candidate) {
    return lines.keySet().stream()
        .filter(candidate)
        .min(Comparator.comparingInt(WaitingLine::priority)
            .thenComparingLong(line -> counters.of(line.user())))
        .orElse(null);
  }

  private GenerationRequest takeFrom(WaitingLine line) {
    Deque<Waiting> waiting = lines.remove(line);
    if (waiting == null) {
      throw new IllegalStateException("expected requests in line " + line + ", found none");
    }
    lines.put(line, waiting); // Now it is the others' turn.
    GenerationRequest request = waiting.remove().request();
    left(line, waiting);
    // Choices share the computation of their prompt.
    int prompt = request.choice() == 0 ? request.promptIds().length : 0;
    counters.input(line.user(), prompt + request.resumedIds().length);
    return request;
  }

  private void left(WaitingLine line, Deque<Waiting> waiting) {
    size--;
    if (waiting.isEmpty()) {
      lines.remove(line);
    }
    if (waitingOfUser.merge(line.user(), -1, Integer::sum) == 0) {
      waitingOfUser.remove(line.user());
      if (waitingOfUser.isEmpty()) {
        counters.lastLeft(line.user());
      }
    }
  }
}
