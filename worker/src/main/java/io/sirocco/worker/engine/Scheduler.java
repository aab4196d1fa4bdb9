package io.sirocco.worker.engine;

import io.sirocco.worker.engine.Places.Admission;
import io.sirocco.worker.engine.api.GenerationRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Picks what the next step computes, so that a batch is never waited for: sequences join and leave at
 * every step.
 *
 * <p>Running answers come first, one token each; what is left of the step's budget goes to prompts,
 * those of users with the fewest sequences first, in chunks. So a long prompt slows running answers
 * down by a bounded amount and never stops them.
 *
 * <p>When a sequence outgrows its place and there is no room, another has to leave its own: the last
 * that came of the user who has most, or of all where nobody has more than one. It waits, before all
 * others, and computes its tokens again. So whoever came first always goes on. The same goes for a
 * user who has none and waits for the first.
 *
 * <p>Confined to the engine thread.
 *
 * <p>Source: Yu et al. 2022, "Orca", section 3.1 (iteration-level scheduling); Agrawal et al. 2024,
 * "Taming Throughput-Latency Tradeoff in LLM Inference with Sarathi-Serve", section 4 (chunked
 * prefills); Kwon et al. 2023, "Efficient Memory Management for Large Language Model Serving with
 * PagedAttention", section 4.5 (preemption with recomputation).
 */
final class Scheduler {
  private final Places places;
  private final EngineLimits limits;
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>(); // In the order of their arrival.
  private long preemptions;
  private long queriedTokens;
  private long cachedTokens;

  Scheduler(Places places, EngineLimits limits) {
    this.places = places;
    this.limits = limits;
  }

  void add(Sequence sequence) {
    waiting.add(sequence);
  }

  /** Makes room, admits what fits, and returns the next step; empty when there is nothing to do. */
  StepPlan plan() {
    makeRoom();
    admit();
    List<StepPlan.Slice> slices = new ArrayList<>(running.size());
    for (Sequence sequence : running) {
      if (!sequence.isPrefilling()) {
        slices.add(new StepPlan.Slice(sequence, 1));
      }
    }
    int budget = limits.stepTokens() - slices.size();
    if (!slices.isEmpty()) {
      budget = Math.min(budget, limits.prefillTokens());
    }
    for (Sequence sequence : Shares.of(running).leastServedFirst()) {
      if (sequence.isPrefilling() && budget > 0) {
        int chunk = Math.min(budget, sequence.uncomputed());
        slices.add(new StepPlan.Slice(sequence, chunk));
        budget -= chunk;
      }
    }
    return new StepPlan(slices);
  }

  private void makeRoom() {
    for (Sequence sequence : List.copyOf(running)) {
      while (sequence.isRunning() && places.isOutgrown(sequence) && !places.grow(sequence)) {
        Sequence last = lastOfTheMostServed();
        preempt(last == null ? running.get(running.size() - 1) : last);
      }
    }
  }

  /** As {@link Shares#lastOfTheMostServed}. */
  @Nullable
  Sequence lastOfTheMostServed() {
    return Shares.of(running).lastOfTheMostServed();
  }

  /** The users who have a sequence here, running or waiting. */
  Set<String> users() {
    return Stream.concat(running.stream(), waiting.stream())
        .map(sequence -> sequence.request().line().user())
        .collect(Collectors.toSet());
  }

  /** Adds {@code sequence}, which is the next to run, and has {@code last} leave its place for it. */
  void addBefore(Sequence last, Sequence sequence) {
    running.remove(last);
    places.retire(last); // What it has there stays, if the room is not needed.
    waiting.addFirst(last);
    waiting.addFirst(sequence);
    preemptions++;
  }

  /** Takes a sequence's place; it comes back with the tokens that it has, as if nothing was. */
  void preempt(Sequence sequence) {
    running.remove(sequence);
    places.evict(sequence);
    waiting.addFirst(sequence);
    preemptions++;
  }

  private void admit() {
    Iterator<Sequence> next = waiting.iterator();
    while (next.hasNext() && running.size() < limits.sequences()) {
      Sequence sequence = next.next();
      Admission admission = places.admit(sequence, running);
      if (admission == Admission.NO_ROOM && !makeRoomFor(sequence)) {
        return; // Whoever is behind waits, too, or they might take its room for ever.
      }
      if (admission == Admission.NO_ROOM) {
        next = waiting.iterator();
      } else if (admission == Admission.ADMITTED) {
        next.remove();
        begin(sequence);
      }
    }
  }

  /** Has a sequence leave whose user has most, for one whose user has none. */
  private boolean makeRoomFor(Sequence sequence) {
    Shares shares = Shares.of(running);
    Sequence last = shares.lastOfTheMostServed();
    if (last == null
        || shares.count(sequence) > 0
        || sequence.request().line().priority() > last.request().line().priority()) {
      return false;
    }
    waiting.remove(sequence);
    preempt(last);
    waiting.addFirst(sequence);
    return true;
  }

  /**
   * Admits the waiting choices of a prompt that {@code first} has just computed, as far as there is
   * room: what the model says of the next token holds for them as well. Others follow as they can.
   */
  List<Sequence> fork(Sequence first) {
    List<Sequence> forks = new ArrayList<>();
    Iterator<Sequence> next = waiting.iterator();
    while (first.isPromptAlone() && next.hasNext() && running.size() < limits.sequences()) {
      Sequence sequence = next.next();
      if (sequence.isPromptAlone()
          && sequence.isChoiceBeside(first)
          && places.fork(sequence, first)) {
        next.remove();
        begin(sequence);
        forks.add(sequence);
      }
    }
    return forks;
  }

  private void begin(Sequence sequence) {
    insert(sequence);
    queriedTokens += sequence.length();
    cachedTokens += sequence.computed();
    sequence.announce();
  }

  private void insert(Sequence sequence) {
    int index = running.size();
    while (index > 0 && running.get(index - 1).arrival() > sequence.arrival()) {
      index--;
    }
    running.add(index, sequence);
  }

  /** Lets a sequence leave that is complete or not wanted any more; others may use what it has. */
  void retire(Sequence sequence) {
    if (running.remove(sequence)) {
      places.retire(sequence);
    } else {
      waiting.remove(sequence);
    }
  }

  /** Lets a running sequence leave that failed: nobody uses what it has. */
  void discard(Sequence sequence) {
    running.remove(sequence);
    places.discard(sequence);
  }

  /** Returns the sequence of {@code request}, or null when it is not here any more. */
  @Nullable
  Sequence find(GenerationRequest request) {
    return Stream.concat(running.stream(), waiting.stream())
        .filter(sequence -> sequence.request() == request)
        .findFirst()
        .orElse(null);
  }

  /** How many sequences have a place in the cache. */
  int runningCount() {
    return running.size();
  }

  /** How many sequences wait for a place in the cache. */
  int waitingCount() {
    return waiting.size();
  }

  /** How many times a sequence had to leave its place. */
  long preemptions() {
    return preemptions;
  }

  /** How many tokens sequences had that got a place. */
  long queriedTokens() {
    return queriedTokens;
  }

  /** How many tokens of sequences that got a place were in the cache already. */
  long cachedTokens() {
    return cachedTokens;
  }
}
