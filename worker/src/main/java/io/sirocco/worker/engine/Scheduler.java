package io.sirocco.worker.engine;

import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.kvcache.SlotPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Picks what the next step computes, so that a batch is never waited for: sequences join and leave at
 * every step.
 *
 * <p>A step computes at most so many tokens. Running answers come first, one token each; what is left
 * of the budget goes to prompts, first come first, in chunks. So a long prompt slows running answers
 * down by a bounded amount and never stops them.
 *
 * <p>Confined to the engine thread.
 *
 * <p>Source: Yu et al. 2022, "Orca", section 3.1 (iteration-level scheduling); Agrawal et al. 2024,
 * "Taming Throughput-Latency Tradeoff in LLM Inference with Sarathi-Serve", section 4 (chunked
 * prefills).
 */
final class Scheduler {
  private final SlotPool slots;
  private final int capacity;
  private final int maxBatchedTokens;
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();

  /**
   * @param slots where sequences have their place in the cache
   * @param capacity how many tokens each place holds
   * @param maxBatchedTokens the most tokens of a step; running answers are never left out, so a step
   *     has at least as many as they are
   */
  Scheduler(SlotPool slots, int capacity, int maxBatchedTokens) {
    this.slots = slots;
    this.capacity = capacity;
    this.maxBatchedTokens = maxBatchedTokens;
  }

  void add(Sequence sequence) {
    waiting.add(sequence);
  }

  /** Admits what fits, and returns the next step; empty when there is nothing to do. */
  StepPlan plan() {
    admit();
    List<StepPlan.Slice> slices = new ArrayList<>(running.size());
    int budget = maxBatchedTokens;
    for (Sequence sequence : running) {
      if (sequence.state() == SequenceState.DECODE) {
        slices.add(new StepPlan.Slice(sequence, 1));
        budget--;
      }
    }
    for (Sequence sequence : running) {
      if (sequence.state() == SequenceState.PREFILL && budget > 0) {
        int chunk = Math.min(budget, sequence.uncomputed());
        slices.add(new StepPlan.Slice(sequence, chunk));
        budget -= chunk;
      }
    }
    return new StepPlan(slices);
  }

  private void admit() {
    while (!waiting.isEmpty()) {
      OptionalInt slot = slots.take();
      if (slot.isEmpty()) {
        return;
      }
      Sequence sequence = waiting.remove();
      sequence.admit(new Extent(slot.getAsInt() * capacity, capacity));
      running.add(sequence);
      sequence.request().listener().admitted();
    }
  }

  /** Lets a sequence leave and frees its place. */
  void remove(Sequence sequence) {
    if (running.remove(sequence)) {
      slots.release(sequence.extent().base() / capacity);
    } else {
      waiting.remove(sequence);
    }
    sequence.finish();
  }

  /** Returns the sequence of {@code request}, or null when it is not here any more. */
  @Nullable
  Sequence find(GenerationRequest request) {
    for (Sequence sequence : running) {
      if (sequence.request() == request) {
        return sequence;
      }
    }
    for (Sequence sequence : waiting) {
      if (sequence.request() == request) {
        return sequence;
      }
    }
    return null;
  }

  /** How many sequences have a place in the cache. */
  int runningCount() {
    return running.size();
  }

  /** How many sequences wait for a place in the cache. */
  int waitingCount() {
    return waiting.size();
  }
}
